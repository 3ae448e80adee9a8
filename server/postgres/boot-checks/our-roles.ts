import { type Catalog, isMarkerName, loginBecomes, type PlatformRoles, resolveRole } from '#migrations'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'

/** Which of the roles that a request can become are meant to be become. */
export interface OurRoles {
  /** The login, role sets, the group roles that rules speak of, and `public`. Those that own something are not: nobody shall become them. */
  readonly isOurs: (role: string) => boolean
  /** SQL that ends each membership of one of ours in a role of somebody else, which stays as it is. */
  readonly waysOut: readonly string[]
}

/** Tells roles of requests from those that one of them was made a member of. */
export async function readOurRoles(
  client: Queryable,
  roles: readonly RequestRole[],
  { catalog, names }: { readonly catalog: Catalog; readonly names: PlatformRoles },
): Promise<OurRoles> {
  const powerful = [names.owner, names.private, names.reports, names.search, names.queueKeeper]
  const groups = catalog.roles.map(({ name }) => resolveRole(names, name)).filter((name) => !powerful.includes(name))
  const known = new Set(['public', names.login, names.member, ...loginBecomes(names), ...groups])
  const isOurs = (role: string) =>
    known.has(role) || role.startsWith(`${names.prefix}_set_`) || isMarkerName(names, role)
  const edges = await readRows<{ readonly role: string; readonly member: string; readonly fix: string }>(
    client,
    sql`
    select r.rolname as role, m.rolname as member,
      format('revoke %I from %I%s;', r.rolname, m.rolname, case when current_setting('server_version_num')::int >= 160000
        then format(' granted by %I', pg_get_userbyid(a.grantor)) end) as fix
    from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member
    where a.member::text = any (${sql.value(roles.map((role) => role.oid))}) order by 1, 2`,
  )
  return { isOurs, waysOut: edges.filter(({ role, member }) => isOurs(member) && !isOurs(role)).map(({ fix }) => fix) }
}
