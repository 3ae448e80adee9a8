import type pg from 'pg'
import { OperatorError, sql } from '#base'
import { inRoleTransaction } from '../connect/in-transaction.ts'
import { send } from '../connect/send.ts'
import { grantToLogin } from './ensure-roles.ts'
import { lockRoleSets } from './lock-role-sets.ts'
import { markersFor } from './marker-roles.ts'
import { lackingRights } from './migrator-rights.ts'
import { appRoleName, type PlatformRoles } from './platform-roles.ts'
import { readRoleFacts } from './read-role-facts.ts'
import { roleSetName } from './role-set-name.ts'
import { refuseMemberships, refusePowers } from './role-unsafe.ts'

/** Role sets in one cluster for one app. `set role` costs 0.1 ms over this many. */
const maxRoleSets = 1000

const mostRolesForAllSets = 5

/**
 * The combinations of app roles whose sets are made ahead: all of them for at most five roles, else none, each single role, and those asked for.
 *
 * @param roles names in the model
 */
export function roleSetsAhead(
  roles: readonly string[],
  asked: readonly (readonly string[])[] = [],
): readonly (readonly string[])[] {
  if (roles.length > mostRolesForAllSets) return uniqueSets([[], ...roles.map((role) => [role]), ...asked])
  const all = Array.from({ length: 2 ** roles.length }, (_, bits) => roles.filter((_role, at) => bits & (1 << at)))
  return uniqueSets([...all, ...asked])
}

function uniqueSets(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(sets.map((set) => [[...new Set(set)].sort().join(','), set])).values()]
}

/**
 * Makes the role sets that are missing, each whole or not at all, members of the marker roles that hold for them. A set that exists is never
 * changed here: another combination is another set.
 *
 * @param sets lists of role names in the model
 * @returns names of the sets, in the same order
 * @throws ROLE_SETS_FULL beyond a thousand
 * @throws ROLE_UNSAFE when a set that exists has other members or powers than it should
 */
export async function ensureRoleSets(
  client: pg.ClientBase,
  names: PlatformRoles,
  sets: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const listed = sets.map((roles) => ({
    name: roleSetName(names.prefix, roles),
    roles: [...new Set(roles.map((role) => appRoleName(names, role)))],
  }))
  try {
    await inRoleTransaction(client, async () => {
      await lockRoleSets(client, names)
      const found = await readRoleFacts(
        client,
        listed.map(({ name }) => name),
      )
      const wanted: { readonly name: string; readonly memberOf: readonly string[] }[] = []
      for (const { name, roles } of listed) {
        wanted.push({ name, memberOf: [names.member, ...roles, ...(await markersFor(client, names, roles))] })
      }
      const login = (await readRoleFacts(client, [names.login])).get(names.login)
      await refuseTooMany(client, names, new Set(wanted.map(({ name }) => name)).size - found.size)
      for (const set of wanted) {
        const facts = found.get(set.name)
        if (facts === undefined) await makeSet(client, set, names.login)
        else {
          refusePowers(facts, 'group')
          refuseMemberships(facts, difference(facts.memberOf, set.memberOf))
          refuseMissing(facts.name, difference(set.memberOf, facts.memberOf))
          if (!login?.memberOf.includes(set.name)) await grantToLogin(client, set.name, names.login)
        }
      }
    })
  } catch (error) {
    throw lackingRights(error, 'make role sets')
  }
  return listed.map(({ name }) => name)
}

async function makeSet(
  client: pg.ClientBase,
  set: { readonly name: string; readonly memberOf: readonly string[] },
  login: string,
): Promise<void> {
  const name = sql.identifier(set.name)
  await send(client, sql`create role ${name} nologin`)
  const parents = sql.join(
    set.memberOf.map((parent) => sql.identifier(parent)),
    ', ',
  )
  await send(client, sql`grant ${parents} to ${name}`)
  await grantToLogin(client, set.name, login)
}

async function refuseTooMany(client: pg.ClientBase, names: PlatformRoles, more: number): Promise<void> {
  if (more === 0) return
  const [row] = await send<{ count: number }>(
    client,
    sql`select count(*)::int as count from pg_catalog.pg_roles
        where starts_with(rolname::text, ${sql.value(`${names.prefix}_set_`)})`,
  )
  if (row!.count + more <= maxRoleSets) return
  throw new OperatorError(
    'ROLE_SETS_FULL',
    `The app has ${row!.count} role sets; with ${more} more there would be over ${maxRoleSets}.`,
    'Give fewer people roles of their own: let roles include others, so that fewer combinations are in use.',
  )
}

function refuseMissing(set: string, missing: readonly string[]): void {
  if (missing.length === 0) return
  throw new OperatorError(
    'ROLE_UNSAFE',
    `The role set "${set}" is no longer a member of ${missing.map((name) => `"${name}"`).join(', ')}.`,
    `As an administrator, when no server runs: drop role "${set}"; the next start makes it again.`,
  )
}

function difference(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.filter((name) => !right.includes(name))
}
