import { quoteIdentifier } from '#base'
import {
  appRoleName,
  isMarkerName,
  markersOfSet,
  type PlatformRoles,
  resolveRole,
  roleSetName,
  roleSetSql,
  roleSetsAhead,
} from '#migrations'
import { markerRoles } from '#policies'
import type { Model } from '#schema'
import type { BootProblem } from './boot-problem.ts'
import { type Queryable, readRows, sql } from './query.ts'

interface RoleSet {
  readonly name: string
  readonly members: readonly string[]
}

/**
 * Role sets that the login can become and whose memberships are not those that their name stands for. A set is made once and never
 * changed, so one more membership is a right that nobody was given, and a marker role that it lacks is a denial that does not reach it.
 */
export async function checkRoleSets(
  client: Queryable,
  model: Model,
  names: PlatformRoles,
): Promise<readonly BootProblem[]> {
  const known = new Map(model.roles.map((role) => [appRoleName(names, role.name), role.name]))
  const sets = await readRoleSets(client, names)
  const ahead = roleSetsAhead([...known.values()])
  return sets
    .filter((set) => !isWhole(set, known, { names, model }))
    .map((set) => problem(set, ahead, { names, model }))
}

interface App {
  readonly names: PlatformRoles
  readonly model: Model
}

function isWhole(set: RoleSet, known: ReadonlyMap<string, string>, { names, model }: App): boolean {
  const others = set.members.filter((name) => name !== names.member && !isMarkerName(names, name))
  const roles = others.map((name) => known.get(name) ?? null)
  if (!set.members.includes(names.member) || roles.includes(null)) return false
  if (roleSetName(names.prefix, roles as readonly string[]) !== set.name) return false
  const all = markerRoles(model).map(({ name }) => resolveRole(names, name))
  const meant = markersOfSet(roles as readonly string[], model).map((name) => resolveRole(names, name))
  // Markers of rules that are gone stay, and mean nothing.
  return all.every((marker) => set.members.includes(marker) === meant.includes(marker))
}

function problem(set: RoleSet, ahead: readonly (readonly string[])[], { names, model }: App): BootProblem {
  const meant = ahead.find((roles) => roleSetName(names.prefix, roles) === set.name)
  const members = set.members.map((name) => `"${name}"`).join(', ') || 'nothing'
  return {
    code: 'ROLE_TOO_POWERFUL',
    object: set.name,
    message: `A request can become "${set.name}", which is a member of ${members}; its name stands for something else.`,
    hint: `As an administrator: drop role "${set.name}"; it is made again when it is needed.`,
    fix: [`drop role ${quoteIdentifier(set.name)};`, ...(meant === undefined ? [] : roleSetSql(names, meant, model))],
  }
}

function readRoleSets(client: Queryable, names: PlatformRoles): Promise<readonly RoleSet[]> {
  return readRows<RoleSet>(
    client,
    sql`
    select s.rolname as name, array(
      select r.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.roleid
      -- A membership that is not inherited gives no rights, and denials do not reach the set through it.
      where m.member = s.oid and pg_has_role(s.oid, r.oid, 'USAGE') order by 1
    ) as members
    from pg_roles s
    join pg_auth_members login on login.roleid = s.oid and login.member = (
      select oid from pg_roles where rolname = session_user
    )
    where starts_with(s.rolname, ${sql.value(`${names.prefix}_set_`)})
    order by 1`,
  )
}
