import { sql } from '#base'
import type { Grant } from '../catalog/catalog.ts'
import { groupRows, type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface GrantRow {
  readonly table: string
  readonly grantee: string
  readonly privilege: Grant['privilege']
  readonly column: string | null
}

/**
 * Rights on the tables of some schemas, whole tables and columns, without those that every owner has. That an owner
 * lacks one, or that a right may be passed on, is told by the extras.
 */
export async function readGrants(
  client: Queryable,
  schemas: TableScope,
  words: RoleWords,
  kinds: readonly string[] = ['r', 'p'],
) {
  const rows = await readRows<GrantRow>(
    client,
    sql`
    with relation as (
      select c.* from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
      where c.relkind::text = any (${sql.value(kinds)})
    ), entry as (
      select c.oid, c.relowner, null::name as column, x.grantee, x.privilege_type
      from relation c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
      union all
      select c.oid, c.relowner, a.attname, x.grantee, x.privilege_type
      from relation c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped, aclexplode(a.attacl) x
    )
    select e.oid::text as table, coalesce(r.rolname::text, 'public') as grantee,
      lower(e.privilege_type) as privilege, e.column
    from entry e left join pg_roles r on r.oid = e.grantee
    where e.grantee <> e.relowner
    order by 2, 3, 4`,
  )
  const groups = groupRows(rows, (row) => `${row.table} ${row.column === null} ${row.privilege} ${row.grantee}`)
  return [...groups.values()].map((group) => ({ table: group[0]!.table, grant: grantOf(group, words) }))
}

function grantOf(group: readonly GrantRow[], words: RoleWords): Grant {
  const { grantee, privilege } = group[0]!
  const columns = group.flatMap((row) => (row.column === null ? [] : [row.column])).sort()
  return { to: words.word(grantee) as Grant['to'], privilege, columns: columns.length === 0 ? null : columns }
}
