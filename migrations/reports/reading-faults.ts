import { type Problem, sql } from '#base'
import type { Catalog, View } from '../catalog/catalog.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import { topOf } from './top-of.ts'

/** A view in the transaction at hand. */
export interface TriedView {
  readonly view: View
  /** SQL of its number in `pg_class`. */
  readonly oid: string
}

interface Called {
  readonly name: string
  readonly volatile: boolean
  readonly definer: boolean
  readonly platform: boolean
}

/**
 * What a select reads and calls beyond what it may. Asked of the stored tree, not of `pg_depend`, which knows nothing of Postgres's own
 * functions and tables: there `set_config` would do as another tenant, and `pg_authid` lists the roles.
 */
export async function readingFaults(
  client: Queryable,
  { view, oid, catalog }: TriedView & { readonly catalog: Catalog },
): Promise<readonly Problem[]> {
  const tree = sql`(select string_agg(ev_action::text, ' ') from pg_rewrite where ev_class = ${sql.raw(oid)})`
  const relations = await readRows<{ readonly schema: string; readonly name: string }>(
    client,
    sql`
    select n.nspname::text as schema, c.relname::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid <> ${sql.raw(oid)} and c.oid in (
      select found[1]::oid from regexp_matches(${tree}, ':relid ([0-9]+)', 'g') found
    ) order by 1, 2`,
  )
  const called = await readRows<Called>(
    client,
    sql`
    with found as (
      select m[1]::oid as oid from regexp_matches(${tree}, ':(?:funcid|opfuncid|aggfnoid|winfnoid|tsmhandler) ([0-9]+)', 'g') m
      union
      select o.oprcode from regexp_matches(${tree}, ':opno ([0-9]+)', 'g') m join pg_operator o on o.oid = m[1]::oid
    )
    select p.oid::regprocedure::text as name, p.provolatile = 'v' as volatile, p.prosecdef as definer,
      n.nspname in ('rowhouse', 'rowhouse_private') as platform
    from found join pg_proc p on p.oid = found.oid join pg_namespace n on n.oid = p.pronamespace order by 1`,
  )
  const [locks] = await readRows<{ readonly locks: boolean }>(
    client,
    sql`select coalesce(${tree} ~ ':hasForUpdate true', false) as locks`,
  )
  const isTable = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
    catalog.tables.some((table) => table.schema === schema && table.name === name)
  return [
    ...relations.filter((each) => !isTable(each)).map(({ schema, name }) => foreignFault(view, `${schema}.${name}`)),
    ...called.flatMap((each) => callFault(view, each)),
    ...(locks?.locks === true ? [refused(view, 'locks rows', 'Leave `for update` and its like out.')] : []),
  ]
}

function foreignFault(view: View, name: string): Problem {
  const hint = 'Reports are made of the tables of entities. Another report is no table: repeat its select.'
  return refused(view, `reads "${name}", which is the table of no entity`, hint)
}

function callFault(view: View, { name, volatile, definer, platform }: Called): readonly Problem[] {
  if (definer)
    return [
      refused(view, `calls "${name}", which runs with the rights of somebody else`, 'Say it in the select itself.'),
    ]
  if (platform)
    return [
      refused(view, `calls "${name}", which belongs to Rowhouse`, 'Who may read which rows is said in the policy.'),
    ]
  if (!volatile) return []
  const hint = 'Call functions that are `stable` or `immutable`: `now()` instead of `clock_timestamp()`.'
  return [refused(view, `calls "${name}", which may do something or change from row to row`, hint)]
}

function refused(view: View, what: string, hint: string): Problem {
  return {
    code: 'REPORT_SQL_REFUSED',
    severity: 'error',
    message: `The select of "${view.entity}" ${what}.`,
    at: topOf(view.report!),
    hint,
    related: null,
  }
}
