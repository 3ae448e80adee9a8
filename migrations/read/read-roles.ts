import { sql } from '#base'
import type { CatalogRole, RoleName } from '../catalog/catalog.ts'
import { queueRoles } from '../roles/queue-roles.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'

interface RoleRow {
  readonly name: string
  readonly member_of: readonly string[]
  readonly comment: string | null
}

/** The app's group roles that exist in the cluster, with everything that they are members of; sorted by name. */
export async function readRoles(client: Queryable, words: RoleWords): Promise<readonly CatalogRole[]> {
  // Every app has them, whatever its catalog says.
  const queue = queueRoles(words.names).map(({ name }) => name)
  const rows = await readRows<RoleRow>(
    client,
    sql`
    select r.rolname as name, shobj_description(r.oid, 'pg_authid') as comment,
      array(
        select distinct g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid
      ) as member_of
    from pg_roles r
    where r.rolname = any (${sql.value(words.groups)}) and r.rolname <> all (${sql.value(queue)})
    order by r.rolname`,
  )
  return rows.map((row) => ({
    name: words.word(row.name) as RoleName,
    memberOf: row.member_of
      .filter((name) => words.groups.includes(name) || !isLeft(row.name, name, words))
      .map(words.word)
      .sort() as RoleName[],
    comment: row.comment,
  }))
}

/** Markers of rules that are gone stay, and visitors in them: they may serve another database of the cluster. */
function isLeft(role: string, marker: string, { names }: RoleWords): boolean {
  return role === names.anonymous && marker.startsWith(`${names.prefix}_not_`)
}
