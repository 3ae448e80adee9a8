import type { Client } from 'pg'
import { quoteIdentifier, sql } from '#base'
import {
  type Catalog,
  groupRoleSql,
  loginBecomes,
  loginRoleSql,
  type PlatformRoles,
  queueRoleSql,
  queueRoles,
  readRows,
  resolveRole,
  roleSetName,
  roleSetSql,
  roleSetsAhead,
} from '#migrations'
import type { Model } from '#schema'
import { administrator, type Finding, failure, fine } from './finding.ts'

/** Which roles there should be. */
export interface WantedRoles {
  readonly names: PlatformRoles
  readonly model: Model
  readonly catalog: Catalog
  /** App roles by their names in the model. */
  readonly roles: readonly string[]
  readonly database: string
  readonly isMigrated: boolean
  readonly major: number
}

/** What the migrator may do, seen by itself. @param client as the migrator */
export async function examineMigrator(client: Client, wanted: WantedRoles): Promise<readonly Finding[]> {
  const [row] = await readRows<{ name: string; owns: boolean; makes: boolean; super: boolean; taken: string | null }>(
    client,
    sql`select r.rolname::text as name, pg_has_role(r.oid, d.datdba, 'USAGE') as owns, r.rolcreaterole or r.rolsuper as makes,
          r.rolsuper as super, (select pg_get_userbyid(nspowner)::text from pg_namespace where nspname = 'rowhouse') as taken
        from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
  )
  const { name, owns, makes, taken } = row!
  const base = { area: 'database', subject: 'migrator', code: 'MIGRATOR_LACKS_RIGHTS' } as const
  const as = administrator(wanted.database)
  const missing = await missingRoles(client, wanted)
  const findings: Finding[] = []
  if (taken !== null && taken !== wanted.names.owner)
    findings.push(
      failure({
        area: 'database',
        subject: 'database',
        message: `The database "${wanted.database}" belongs to another app: "${taken}" owns its schema "rowhouse".`,
        why: 'Each app needs a database of its own.',
        code: 'DATABASE_TAKEN',
        fix: { commands: ['Check the addresses and the name of the app.'] },
      }),
    )
  if (!owns)
    findings.push(
      failure({
        ...base,
        message: `The migrator "${name}" does not own the database "${wanted.database}".`,
        why: 'Only the owner makes schemas and takes rights from everybody.',
        fix: { as, sql: [`alter database ${quoteIdentifier(wanted.database)} owner to ${quoteIdentifier(name)};`] },
      }),
    )
  if (!makes && missing.length > 0)
    findings.push(
      failure({
        ...base,
        message: `The migrator "${name}" may not make roles, and ${missing.length} are missing.`,
        why: 'Roles of the app and its role sets are made by `migrate`.',
        fix: { as, sql: [`alter role ${quoteIdentifier(name)} createrole;`] },
      }),
    )
  findings.push(...(await notMember(client, wanted, { name, isSuper: row!.super })))
  return findings.length === 0
    ? [fine('database', 'migrator', `"${name}" owns the database and may make roles.`)]
    : findings
}

/** The migrator acts as owner and private; where they exist already somebody must have let it. */
async function notMember(
  client: Client,
  { names, database, major }: WantedRoles,
  migrator: { readonly name: string; readonly isSuper: boolean },
): Promise<readonly Finding[]> {
  if (migrator.isSuper) return []
  const closed = await readRows<{ readonly name: string }>(
    client,
    sql`select rolname::text as name from pg_roles where rolname::text = any (${sql.value([names.owner, names.private, names.reports, names.queueKeeper])})
          and not pg_has_role(current_user, oid, 'USAGE') order by 1`,
  )
  // Since 16 whoever made a role is a member without its rights until told otherwise.
  const options = major >= 16 ? ' with inherit true, set true' : ''
  return closed.map(({ name }) =>
    failure({
      area: 'database',
      subject: 'migrator',
      message: `The migrator "${migrator.name}" is no member of "${name}".`,
      why: 'Tables and functions are made in the name of that role.',
      code: 'MIGRATOR_LACKS_RIGHTS',
      fix: {
        as: administrator(database),
        sql: [`grant ${quoteIdentifier(name)} to ${quoteIdentifier(migrator.name)}${options};`],
      },
    }),
  )
}

interface MissingRole {
  readonly name: string
  readonly sql: readonly string[]
}

/** Group roles, the login and role sets that the cluster lacks, or that the login cannot become. */
async function missingRoles(client: Client, wanted: WantedRoles): Promise<readonly MissingRole[]> {
  const { names, catalog, roles } = wanted
  const sets = roleSetsAhead(roles).map((set) => ({
    name: roleSetName(names.prefix, set),
    sql: roleSetSql(names, set, wanted.model),
  }))
  const all: readonly MissingRole[] = [
    ...catalog.roles.map((role) => ({ name: resolveRole(names, role.name), sql: groupRoleSql(names, role) })),
    ...queueRoles(names).map((role) => ({ name: role.name, sql: queueRoleSql(role) })),
    { name: names.login, sql: loginRoleSql(names) },
    ...sets,
  ]
  const found = await readRows<{ readonly name: string; readonly reachable: boolean }>(
    client,
    sql`select r.rolname::text as name, exists (
          select from pg_auth_members m join pg_roles l on l.oid = m.member where m.roleid = r.oid and l.rolname = ${sql.value(names.login)}
        ) as reachable
        from pg_roles r where r.rolname::text = any (${sql.value(all.map(({ name }) => name))})`,
  )
  const byName = new Map(found.map((one) => [one.name, one]))
  const isSet = new Set([...sets.map(({ name }) => name), ...loginBecomes(names)])
  return all.flatMap((role) => {
    const there = byName.get(role.name)
    if (there === undefined) return [role]
    if (!isSet.has(role.name) || there.reachable) return []
    return [{ name: role.name, sql: [`grant ${quoteIdentifier(role.name)} to ${quoteIdentifier(names.login)};`] }]
  })
}

/** Roles that a migrated database needs and lacks, with the SQL for whoever may make them. */
export async function examineRoles(client: Client, wanted: WantedRoles): Promise<readonly Finding[]> {
  if (!wanted.isMigrated) return []
  const missing = await missingRoles(client, wanted)
  if (missing.length === 0) return [fine('database', 'roles', 'Every role and role set of the app is there.')]
  const few = missing.slice(0, 3).map(({ name }) => `"${name}"`)
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : ''
  return [
    failure({
      area: 'database',
      subject: 'roles',
      message: `Roles are missing, or the server's login cannot become them: ${few.join(', ')}${more}.`,
      why: 'Requests of people with these roles are answered FORBIDDEN.',
      code: 'ROLES_MISSING',
      fix: { as: administrator(wanted.database), sql: missing.flatMap((role) => role.sql) },
    }),
  ]
}

/** Whether the provisioner can do its work. @param client as the provisioner */
export async function examineProvisioner(client: Client, wanted: WantedRoles): Promise<readonly Finding[]> {
  const [row] = await readRows<{ readonly name: string; readonly makes: boolean; readonly isSuper: boolean }>(
    client,
    sql`select rolname::text as name, rolcreaterole or rolsuper as makes, rolsuper as "isSuper" from pg_roles where rolname = current_user`,
  )
  const { name, makes, isSuper } = row!
  const base = { area: 'database', subject: 'provisioner', code: 'PROVISIONER_REFUSED' } as const
  if (wanted.major < 16)
    return [
      failure({
        ...base,
        message: `The provisioner "${name}" is on Postgres ${wanted.major}.`,
        why: 'Before 16 a login with CREATEROLE can make itself superuser.',
        fix: {
          commands: [
            'Unset ROWHOUSE_PROVISION_URL: `migrate` makes the role sets ahead. Or upgrade to Postgres 16 or later.',
          ],
        },
      }),
    ]
  const as = administrator(wanted.database)
  if (!makes)
    return [
      failure({
        ...base,
        message: `The provisioner "${name}" may not make roles.`,
        why: 'Role sets that nobody had before cannot be made.',
        fix: { as, sql: [`alter role ${quoteIdentifier(name)} createrole;`] },
      }),
    ]
  const lacking = isSuper || !wanted.isMigrated ? [] : await withoutAdmin(client, wanted)
  if (lacking.length === 0) return [fine('database', 'provisioner', `"${name}" may make role sets.`)]
  return [
    failure({
      ...base,
      message: `The provisioner "${name}" may not pass on ${lacking.map((role) => `"${role}"`).join(', ')}.`,
      why: 'Role sets with these roles cannot be made.',
      fix: {
        as,
        sql: lacking.map(
          (role) =>
            `grant ${quoteIdentifier(role)} to ${quoteIdentifier(name)} with admin true, inherit false, set false;`,
        ),
      },
    }),
  ]
}

async function withoutAdmin(client: Client, { names, catalog }: WantedRoles): Promise<readonly string[]> {
  const never = [names.owner, names.private, names.reports, names.anonymous]
  const groups = catalog.roles.map(({ name }) => resolveRole(names, name)).filter((name) => !never.includes(name))
  const rows = await readRows<{ readonly name: string }>(
    client,
    sql`select rolname::text as name from pg_roles where rolname::text = any (${sql.value(groups)})
          and not pg_has_role(current_user, oid, 'USAGE WITH ADMIN OPTION') order by 1`,
  )
  return rows.map(({ name }) => name)
}
