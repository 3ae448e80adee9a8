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
  readonly definition: string
  readonly columns: readonly { readonly name: string; readonly comment: string | null }[]
}

/** The wanted views as far as they are there, in the order of those. What else hangs on one is told by the extras. */
export async function readViews(
  client: Queryable,
  wanted: readonly View[],
  words: RoleWords,
): Promise<readonly View[]> {
  if (wanted.length === 0) return []
  const rows = await readViewRows(client, wanted)
  const grants = await readGrants(client, ownSchemas, words, ['v'])
  return wanted.flatMap((view) => {
    const row = rows.find(({ schema, name }) => schema === view.schema && name === view.name)
    if (row === undefined) return []
    const own = grants.filter(({ table }) => table === row.oid).map(({ grant }) => grant)
    return [viewOf(row, own, words)]
  })
}

function viewOf(row: ViewRow, grants: readonly Grant[], words: RoleWords): View {
  return {
    schema: row.schema,
    name: row.name,
    owner: words.word(row.owner) as RoleName,
    comment: row.comment,
    securityBarrier: row.barrier,
    definition: words.text(row.definition),
    columns: row.columns,
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
      pg_get_viewdef(c.oid) as definition,
      (
        select coalesce(json_agg(json_build_object('name', a.attname, 'comment', col_description(c.oid, a.attnum))
          order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and n.nspname || '.' || c.relname = any (${sql.value(wanted.map(({ schema, name }) => `${schema}.${name}`))}::text[])`,
  )
}
