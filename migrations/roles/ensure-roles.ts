import type pg from 'pg'
import { OperatorError, type Sql, sql } from '#base'
import type { CatalogRole } from '../catalog/catalog.ts'
import { checkServerVersion } from '../connect/check-server-version.ts'
import { inRoleTransaction } from '../connect/in-transaction.ts'
import { scramVerifier } from '../connect/scram-verifier.ts'
import { send } from '../connect/send.ts'
import { forgetPlans } from './forget-plans.ts'
import { lockRoleSets } from './lock-role-sets.ts'
import { alignMarkers, readMarkers } from './marker-roles.ts'
import { lackingRights } from './migrator-rights.ts'
import { type PlatformRoles, resolveRole } from './platform-roles.ts'
import { loginBecomes, queueRoles } from './queue-roles.ts'
import { type RoleFacts, readRoleFacts } from './read-role-facts.ts'
import { refuseMemberships, refusePowers } from './role-unsafe.ts'

/** Which roles there should be. */
export interface EnsureRolesOptions {
  readonly names: PlatformRoles
  /** Group roles of the catalog. The fixed ones are made whether they are listed or not. */
  readonly roles: readonly CatalogRole[]
  /** Password of the login. Null: it is left as it is, or made without one. */
  readonly password: string | null
  /** Login of the provisioner, which then may make role sets; see {@link Provisioner}. */
  readonly provisioner?: string | null
}

/**
 * Makes the app's group roles and its login, or brings them to what the catalog says; makes the migrator a member of owner and private, so that it can
 * act as they. Runs a transaction of its own; two at once do no harm.
 *
 * @throws ROLE_UNSAFE when a role that exists may do more than it should
 * @throws ROLE_TAKEN when a name belongs to another app
 * @throws MIGRATOR_LACKS_RIGHTS when the migrator may not do this
 */
export async function ensureRoles(client: pg.ClientBase, options: EnsureRolesOptions): Promise<void> {
  const { major } = await checkServerVersion(client)
  const wanted = wantedRoles(options)
  try {
    await inRoleTransaction(client, async () => {
      await lockRoleSets(client, options.names)
      const names = [...wanted.map(({ name }) => name), options.names.login]
      const found = await readRoleFacts(client, names)
      await refuseTaken(client, options.names, names, found)
      let changed = false
      for (const role of wanted) changed = (await ensureGroup(client, role, found, options.names)) || changed
      await ensureLogin(client, options, found.get(options.names.login))
      await joinOwners(client, wanted, { names: options.names, major })
      changed = (await alignMarkers(client, options.names)) || changed
      if (changed) await forgetPlans(client, options.names)
      if (options.provisioner) await admitProvisioner(client, options.provisioner, wanted, options.names)
    })
  } catch (error) {
    throw lackingRights(error, 'make the roles of the app')
  }
}

interface WantedRole {
  readonly name: string
  readonly memberOf: readonly string[]
  readonly comment: string | null
}

function wantedRoles({ names, roles }: EnsureRolesOptions): readonly WantedRole[] {
  const fixed = [names.owner, names.private, names.member, names.anonymous]
  const queue = queueRoles(names).map((role) => ({ ...role, memberOf: [] }))
  const listed = roles.map(({ name, memberOf, comment }) => ({
    name: resolveRole(names, name),
    memberOf: memberOf.map((parent) => resolveRole(names, parent)),
    comment,
  }))
  const missing = fixed.filter((name) => !listed.some((role) => role.name === name))
  return [...missing.map((name) => ({ name, memberOf: [], comment: null })), ...queue, ...listed]
}

/** Whether a role that was there is a member of others than before. Who joins one is denied what that one is. */
async function ensureGroup(
  client: pg.ClientBase,
  role: WantedRole,
  found: ReadonlyMap<string, RoleFacts>,
  names: PlatformRoles,
): Promise<boolean> {
  const facts = found.get(role.name)
  const name = sql.identifier(role.name)
  if (facts === undefined) await send(client, sql`create role ${name} nologin`)
  else refusePowers(facts, 'group')
  if ((facts?.comment ?? null) !== role.comment) {
    await send(client, sql`comment on role ${name} is ${sql.literal(role.comment)}`)
  }
  const has = facts?.memberOf ?? []
  const lacking = role.memberOf.filter((parent) => !has.includes(parent))
  for (const parent of lacking) await send(client, sql`grant ${sql.identifier(parent)} to ${name}`)
  if (facts === undefined) return false
  const dropped = await dropMemberships(client, withoutMarkers(facts, role, names), role.memberOf, found)
  return dropped || lacking.length > 0
}

/** A marker of a rule that is gone in this database may serve another one: it stays, and visitors in it. Role sets are the others that join any. */
function withoutMarkers(facts: RoleFacts, role: WantedRole, names: PlatformRoles): RoleFacts {
  if (role.name !== names.anonymous) return facts
  const isLeft = (name: string) => name.startsWith(`${names.prefix}_not_`) && !role.memberOf.includes(name)
  return { ...facts, memberOf: facts.memberOf.filter((name) => !isLeft(name)) }
}

/** A role that no longer includes another one of the app leaves it; a membership in anything else was not made by us. */
async function dropMemberships(
  client: pg.ClientBase,
  facts: RoleFacts,
  wanted: readonly string[],
  known: ReadonlyMap<string, RoleFacts>,
): Promise<boolean> {
  const extra = facts.memberOf.filter((parent) => !wanted.includes(parent))
  if (extra.length === 0) return false
  for (const parent of extra.filter((parent) => known.has(parent))) {
    await send(client, sql`revoke ${sql.identifier(parent)} from ${sql.identifier(facts.name)}`)
  }
  const after = (await readRoleFacts(client, [facts.name])).get(facts.name)!
  refuseMemberships(
    facts,
    after.memberOf.filter((parent) => extra.includes(parent)),
  )
  return true
}

async function ensureLogin(
  client: pg.ClientBase,
  { names, password }: EnsureRolesOptions,
  facts: RoleFacts | undefined,
): Promise<void> {
  const login = sql.identifier(names.login)
  if (facts === undefined) await send(client, sql`create role ${login} login noinherit`)
  else {
    refusePowers(facts, 'login')
    const isSet = (name: string) => name.startsWith(`${names.prefix}_set_`)
    refuseMemberships(
      facts,
      facts.memberOf.filter((name) => !loginBecomes(names).includes(name) && !isSet(name)),
    )
    // With INHERIT it would hold the rights of every role set at once.
    if (facts.inherits) await send(client, sql`alter role ${login} noinherit`)
    if (!facts.canLogin) await send(client, sql`alter role ${login} login`)
  }
  if (password !== null) await send(client, sql`alter role ${login} password ${sql.literal(scramVerifier(password))}`)
  for (const role of loginBecomes(names))
    if (!facts?.memberOf.includes(role)) await grantToLogin(client, role, names.login)
}

/** Lets the login become a role without holding its rights meanwhile. */
export async function grantToLogin(client: pg.ClientBase, role: string, login: string): Promise<void> {
  const [row] = await send<{ number: number }>(client, sql`select current_setting('server_version_num')::int as number`)
  const options: Sql = row!.number >= 160_000 ? sql` with inherit false, set true` : sql.empty
  await send(client, sql`grant ${sql.identifier(role)} to ${sql.identifier(login)}${options}`)
}

/** A superuser needs no membership. Since 16 the maker of a role may administer it, but is not yet able to become it. */
async function joinOwners(
  client: pg.ClientBase,
  wanted: readonly WantedRole[],
  { names, major }: { readonly names: PlatformRoles; readonly major: number },
): Promise<void> {
  const rights = major >= 16 ? ['USAGE', 'SET'] : ['USAGE']
  const owners = [names.owner, names.private, names.reports, names.search, names.queueKeeper]
  for (const { name } of wanted.filter((role) => owners.includes(role.name))) {
    const [row] = await send<{ joined: boolean }>(
      client,
      sql`select bool_and(pg_catalog.pg_has_role(current_user, ${sql.value(name)}, wanted)) as joined
          from unnest(${sql.value(rights)}::text[]) as wanted`,
    )
    if (row!.joined) continue
    const options: Sql = major >= 16 ? sql` with inherit true, set true` : sql.empty
    await send(client, sql`grant ${sql.identifier(name)} to current_user${options}`)
  }
}

/** It hands out the roles of requests, never owner or private; it holds none of their rights itself. */
async function admitProvisioner(
  client: pg.ClientBase,
  provisioner: string,
  roles: readonly WantedRole[],
  names: PlatformRoles,
): Promise<void> {
  const [row] = await send<{ super: boolean; number: number }>(
    client,
    sql`select rolsuper as super, current_setting('server_version_num')::int as number
        from pg_catalog.pg_roles where rolname = ${sql.value(provisioner)}`,
  )
  if (row === undefined || row.super || row.number < 160_000) return
  const queue = queueRoles(names).map(({ name }) => name)
  const owners = [names.owner, names.private, names.reports, names.search, names.anonymous, ...queue]
  // Markers of rules that are gone, too: a set that is made joins all that hold for it.
  const markers = await readMarkers(client, names)
  for (const name of new Set([...roles, ...markers].map((role) => role.name).filter((one) => !owners.includes(one)))) {
    await send(
      client,
      sql`grant ${sql.identifier(name)} to ${sql.identifier(provisioner)} with admin true, inherit false, set false`,
    )
  }
}

async function refuseTaken(
  client: pg.ClientBase,
  names: PlatformRoles,
  wanted: readonly string[],
  found: ReadonlyMap<string, RoleFacts>,
): Promise<void> {
  const groups = wanted.filter((name) => name !== names.login)
  if (!found.has(names.owner)) {
    const strangers = groups.filter((name) => found.has(name))
    if (strangers.length > 0) throw taken(strangers[0]!, `there is no "${names.owner}" that it could belong to`)
  }
  const owners = await send<{ name: string }>(
    client,
    sql`select rolname::text as name from pg_catalog.pg_roles
        where starts_with(rolname::text, ${sql.value(`${names.prefix}_`)}) and rolname::text like '%\\_owner'`,
  )
  for (const { name: owner } of owners.filter(({ name }) => name !== names.owner)) {
    const clash = groups.find((name) => name.startsWith(owner.replace(/owner$/, '')))
    if (clash !== undefined) throw taken(clash, `an app with the owner "${owner}" has it`)
  }
}

function taken(name: string, reason: string): OperatorError {
  return new OperatorError(
    'ROLE_TAKEN',
    `The role "${name}" exists and is not of this app: ${reason}.`,
    'Rename the app or its role, or drop the role as an administrator if nothing uses it.',
  )
}
