import { sql } from '#base'
import type { Grant, RoleName, View } from '../catalog/catalog.ts'
import { ownSchemas } from './live-catalog.ts'
import { readGrants } from './read-grants.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'

interface ViewRow {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly owner: string
  readonly comment: string | null
  readonly barrier: boolean
  readonly invoker: boolean
  readonly definition: string
  readonly options: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string | null }[]
}

/** The wanted views as far as they are there, in the order of those. What else hangs on one is told by the extras. */
export async function readViews(
  client: Queryable,
  wanted: readonly View[],
  words: RoleWords,
): Promise<readonly View[]> {
  if (wanted.length === 0) return []
  const rows = await readViewRows(client, wanted)
  const theirs = rows.filter((row) => isAdopted(row, wanted)).map(({ oid }) => oid)
  const grants = await readGrants(client, { schemas: ownSchemas, oids: theirs }, words, ['v', 'm'])
  return wanted.flatMap((view) => {
    const row = rows.find(({ schema, name }) => schema === view.schema && name === view.name)
    if (row === undefined) return []
    const own = grants.filter(({ table }) => table === row.oid).map(({ grant }) => grant)
    return [view.adopted === undefined ? viewOf(row, own, words) : adoptedOf(row, view, viewOf(row, own, words))]
  })
}

function isAdopted({ schema, name }: ViewRow, wanted: readonly View[]): boolean {
  return wanted.some((view) => view.adopted !== undefined && view.schema === schema && view.name === name)
}

/** Of a view that was there before: what it shows, the columns that the model speaks of, and all rights to it. */
function adoptedOf(row: ViewRow, { adopted }: View, view: View): View {
  const options = row.options.length === 0 ? '' : `with (${row.options.join(', ')}) `
  const columns = row.columns
    .filter(({ name }) => adopted!.columns.some((each) => each.name === name))
    .map(({ name, type }) => ({ name, type }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...view, comment: null, definition: `${options}${view.definition}`, columns: [], adopted: { columns } }
}

function viewOf(row: ViewRow, grants: readonly Grant[], words: RoleWords): View {
  return {
    schema: row.schema,
    name: row.name,
    owner: words.word(row.owner) as RoleName,
    comment: row.comment,
    securityBarrier: row.barrier,
    ...(row.invoker ? { securityInvoker: true as const } : {}),
    definition: words.text(row.definition),
    columns: row.columns.map(({ name, comment }) => ({ name, comment })),
    grants,
    entity: '',
  }
}

function readViewRows(client: Queryable, wanted: readonly View[]): Promise<readonly ViewRow[]> {
  return readRows<ViewRow>(
    client,
    sql`
    select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name, pg_get_userbyid(c.relowner)::text as owner,
      obj_description(c.oid, 'pg_class') as comment,
      coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_barrier'
      ), false) as barrier,
      coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'
      ), false) as invoker,
      pg_get_viewdef(c.oid) as definition, coalesce(c.reloptions, '{}') as options,
      (
        select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'comment', col_description(c.oid, a.attnum))
          order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where (c.relkind = 'v' or (c.relkind = 'm' and n.nspname <> all (${sql.value(ownSchemas)}))) and n.nspname || '.' || c.relname = any (${sql.value(wanted.map(({ schema, name }) => `${schema}.${name}`))}::text[])`,
  )
}
