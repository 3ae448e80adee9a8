import { sql } from '#base'
import type { Policy } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface PolicyRow {
  readonly table: string
  readonly name: string
  readonly permissive: boolean
  readonly command: Policy['command']
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
  readonly comment: string | null
}

/** Policies of the tables of some schemas. */
export async function readPolicies(client: Queryable, schemas: TableScope, words: RoleWords) {
  const rows = await readRows<PolicyRow>(
    client,
    sql`
    select p.polrelid::text as table, p.polname as name, p.polpermissive as permissive,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      array(
        select coalesce(r.rolname::text, 'public') from unnest(p.polroles) o left join pg_roles r on r.oid = o
      ) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
      obj_description(p.oid, 'pg_policy') as comment
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    order by p.polname`,
  )
  return rows.map((row) => ({ table: row.table, policy: policyOf(row, words) }))
}

function policyOf(row: PolicyRow, words: RoleWords): Policy {
  return {
    name: row.name,
    permissive: row.permissive,
    command: row.command,
    roles: row.roles.map(words.word).sort(),
    using: row.using === null ? null : words.text(row.using),
    check: row.check === null ? null : words.text(row.check),
    comment: row.comment,
  }
}
