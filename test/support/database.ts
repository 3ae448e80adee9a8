import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { sql, toStatement } from '#base'
import type { Catalog } from '../../migrations/catalog/catalog.ts'
import { connect } from '../../migrations/connect/connect.ts'
import { inTransaction } from '../../migrations/connect/in-transaction.ts'
import { renderCatalog } from '../../migrations/render/render-catalog.ts'
import { ensureRoles } from '../../migrations/roles/ensure-roles.ts'
import { type PlatformRoles, platformRoles, rolePlaceholders } from '../../migrations/roles/platform-roles.ts'
import { roleSetName } from '../../migrations/roles/role-set-name.ts'
import { ensureRoleSets } from '../../migrations/roles/role-sets.ts'
import { migrateSystem } from '../../migrations/system/migrate-system.ts'
import { askForCluster } from './postgres/cluster-service.ts'
import { dropRoles } from './postgres/drop-roles.ts'
import { refuseLeaks } from './postgres/leaks.ts'

/** What a test database should have. */
export interface TestDatabaseOptions {
  /** App roles besides the fixed ones, made without `includes`: `['sales', 'manager']`. {@link TestDatabase.applyCatalog} makes those of a catalog itself. */
  readonly roles?: readonly string[]
  /** False: an empty database without roles and platform SQL, for tests of just that. Default: true. */
  readonly prepared?: boolean
  /** `'plain'`: the migrator has CREATEROLE and CREATEDB and is no superuser, as on most servers. Default: what the run's Postgres gives. */
  readonly migrator?: 'plain' | 'given'
}

/** Who is asking, as a request would say it. */
export interface TestActor {
  /** App roles by their names in the model; null: a visitor. */
  readonly roles: readonly string[] | null
  /** Tenant id. */
  readonly tenant?: string | null
  /** User id. */
  readonly actor?: string | null
  /** Further claims, names in snake case. */
  readonly claims?: Readonly<Record<string, string>>
  /** What the server knows of the request: `ip`, `mfa` (`'true'`), `signed_in_at` (seconds since 1970). */
  readonly request?: Readonly<Record<string, string>>
}

/** A database of one test file, with roles of its own. */
export interface TestDatabase {
  readonly name: string
  /** Names of the roles; the prefix is random, as roles are shared by the whole cluster. */
  readonly names: PlatformRoles
  /** URL as migrator: superuser on the embedded Postgres, a plain CREATEROLE login elsewhere. */
  readonly migratorUrl: string
  /** URL as the login that serves requests. */
  readonly loginUrl: string
  /** Major version of the server. */
  readonly major: number
  /** A connection as migrator, closed at the end. Under forced row security it sees no rows unless it is superuser: use {@link asOwner} for fixtures. */
  readonly migrator: pg.Client
  /** A further connection; close it, or the file fails. */
  connect(url: string): Promise<pg.Client>
  /** Makes the role sets if needed. */
  ensureRoleSets(sets: readonly (readonly string[])[]): Promise<readonly string[]>
  /**
   * Runs the task in a transaction of the request login as the given caller: role set, tenant, actor and claims are set as a request sets them. Commits
   * unless the task throws.
   */
  asActor<T>(actor: TestActor, task: (client: pg.Client) => Promise<T>): Promise<T>
  /** Runs the task in a transaction as any role, by its real name (`db.names.owner`), on a connection of the migrator. Commits unless the task throws. */
  asRole<T>(
    role: string,
    task: (client: pg.Client) => Promise<T>,
    settings?: Readonly<Record<string, string>>,
  ): Promise<T>
  /** Runs the task in a transaction as owner with row security unforced meanwhile: for fixtures and for looking at every row. */
  asOwner<T>(task: (client: pg.Client) => Promise<T>): Promise<T>
  /** Makes roles, tables, functions and policies of a catalog. Role sets are made when {@link asActor} needs them. */
  applyCatalog(catalog: Catalog): Promise<void>
  /** Checks for leaked connections, then drops database and roles. {@link useDatabase} does it by itself. */
  close(): Promise<void>
}

/**
 * A database for the test file (or `describe`) that calls this at its top: made before its tests, dropped after them with its roles. The file fails
 * when it leaves a connection open.
 *
 * The Postgres behind it is one embedded cluster for the whole run, started when the first file asks; with ROWHOUSE_MIGRATE_URL (or DATABASE_URL) set
 * to a login with CREATEROLE and CREATEDB the same tests run there. There is no template with the platform SQL: its owner would be another role than this
 * file's. Nearly all of the 100 ms that this takes are spent on `create database`; roles and platform SQL take 30.
 *
 * @example
 * const db = useDatabase({ roles: ['sales'] })
 * test('…', async () => {
 *   await db().asOwner((client) => client.query('insert into …'))
 *   const { rows } = await db().asActor({ roles: ['sales'], tenant, actor }, (client) => client.query('select …'))
 * })
 */
export function useDatabase(options: TestDatabaseOptions = {}): () => TestDatabase {
  let database: TestDatabase | null = null
  beforeAll(async () => {
    database = await createTestDatabase(options)
  })
  afterAll(async () => {
    await database?.close()
  })
  return () => {
    if (database === null) throw new Error('The database is there only while tests run: call db() inside of them.')
    return database
  }
}

/** URL of the Postgres of this run, as the login that makes databases and roles. */
export async function serverUrl(): Promise<string> {
  const place = inject('rowhousePostgres')
  return 'url' in place ? place.url : askForCluster(place.port)
}

/** As {@link useDatabase}, for tests that need several databases; close each. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const given = await serverUrl()
  const prefix = `rht_${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const admin = await connect(given, { applicationName: 'rowhouse test admin' })
  const own = options.migrator === 'plain' ? await makeMigrator(admin, given, prefix, password) : given
  await makeDatabase(own, prefix)
  const migratorUrl = withParts(own, { database: prefix })
  const names = platformRoles(prefix)
  const migrator = await connect(migratorUrl, { applicationName: 'rowhouse test migrator' })
  const roles = (options.roles ?? []).map((role) => ({
    name: `:ROLE_${role.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}` as const,
    memberOf: [],
    comment: null,
  }))
  if (options.prepared ?? true) {
    await ensureRoles(migrator, { names, roles, password })
    await migrateSystem(migrator, names)
  }
  const { rows } = await migrator.query("select current_setting('server_version_num')::int / 10000 as major")
  const loginUrl = withParts(given, { database: prefix, user: names.login, password })
  const facts: Facts = { admin, migrator, names, migratorUrl, makerUrl: own, loginUrl, password, major: rows[0].major }
  return makeTestDatabase(facts)
}

interface Facts {
  readonly admin: pg.Client
  readonly migrator: pg.Client
  readonly names: PlatformRoles
  readonly migratorUrl: string
  /** The migrator in another database than the one to drop. */
  readonly makerUrl: string
  readonly loginUrl: string
  readonly password: string
  readonly major: number
}

function makeTestDatabase(facts: Facts): TestDatabase {
  const { admin, migrator, names, migratorUrl, loginUrl } = facts
  const sets = new Set<string>()
  const ensureSets = async (wanted: readonly (readonly string[])[]) => {
    const made = await usingClient(migratorUrl, (client) => ensureRoleSets(client, names, wanted))
    for (const name of made) sets.add(name)
    return made
  }
  const database: TestDatabase = {
    name: names.prefix,
    names,
    migratorUrl,
    loginUrl,
    major: facts.major,
    migrator,
    connect: (url) => connect(url, { applicationName: 'rowhouse test' }),
    ensureRoleSets: ensureSets,
    asActor: async (actor, task) => {
      const role = actor.roles === null ? names.anonymous : roleSetName(names.prefix, actor.roles)
      if (actor.roles !== null && !sets.has(role)) await ensureSets([actor.roles])
      return usingClient(loginUrl, (client) => runAs(client, role, actorSettings(actor), task))
    },
    asRole: (role, task, settings = {}) =>
      usingClient(migratorUrl, (client) => runAs(client, role, Object.entries(settings), task)),
    asOwner: (task) => usingClient(migratorUrl, (client) => runAsOwner(client, names, task)),
    applyCatalog: (catalog) => applyCatalog(facts, catalog),
    close: async () => {
      await migrator.end()
      try {
        await refuseLeaks(admin, names.prefix, names.login)
      } finally {
        await dropDatabase(facts)
      }
    },
  }
  return database
}

async function applyCatalog({ names, migrator, password }: Facts, catalog: Catalog): Promise<void> {
  await ensureRoles(migrator, { names, roles: catalog.roles, password })
  const known = rolePlaceholders(
    names,
    catalog.roles.map(({ name }) => name),
  )
  const text = renderCatalog(catalog).replaceAll(/:[A-Z][A-Z0-9_]*\b/g, (word) => known[word] ?? word)
  await inTransaction(migrator, () => migrator.query(text))
}

async function usingClient<T>(url: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, { applicationName: 'rowhouse test' })
  try {
    return await task(client)
  } finally {
    await client.end()
  }
}

type Setting = readonly [name: string, value: string]

async function runAs<T>(
  client: pg.Client,
  role: string,
  settings: readonly Setting[],
  task: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return inTransaction(client, async () => {
    await client.query(`set local role ${pg.escapeIdentifier(role)}`)
    for (const [name, value] of settings) await client.query('select set_config($1, $2, true)', [name, value])
    return task(client)
  })
}

function actorSettings(actor: TestActor): readonly Setting[] {
  const claims = Object.entries(actor.claims ?? {}).map(([name, value]) => [`rowhouse.claim_${name}`, value] as const)
  const request = Object.entries(actor.request ?? {}).map(
    ([name, value]) => [`rowhouse.request_${name}`, value] as const,
  )
  return [['rowhouse.tenant_id', actor.tenant ?? ''], ['rowhouse.actor_id', actor.actor ?? ''], ...claims, ...request]
}

async function runAsOwner<T>(
  client: pg.Client,
  names: PlatformRoles,
  task: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return runAs(client, names.owner, [], async () => {
    const { rows } = await client.query<{ table: string }>(
      `select c.oid::regclass::text as table from pg_class c join pg_roles r on r.oid = c.relowner
       where c.relkind in ('r', 'p') and c.relforcerowsecurity and r.rolname = $1`,
      [names.owner],
    )
    for (const { table } of rows) await client.query(`alter table ${table} no force row level security`)
    const result = await task(client)
    await client.query('set constraints all immediate')
    for (const { table } of rows) await client.query(`alter table ${table} force row level security`)
    return result
  })
}

async function makeMigrator(admin: pg.Client, given: string, prefix: string, password: string): Promise<string> {
  const name = `${prefix}_migrator`
  const { text } = toStatement(
    sql`create role ${sql.identifier(name)} login createrole createdb password ${sql.literal(password)}`,
  )
  await admin.query(text)
  return withParts(given, { user: name, password })
}

/** Copied as files: nothing is synced here, and through the log it takes twice the processor time, dropping it included. */
async function makeDatabase(url: string, name: string): Promise<void> {
  await usingClient(url, (client) => client.query(`create database ${pg.escapeIdentifier(name)} strategy file_copy`))
}

/** A database and roles are dropped by their maker, and the maker by whoever made that. */
async function dropDatabase({ admin, names, makerUrl }: Facts): Promise<void> {
  try {
    await usingClient(makerUrl, async (maker) => {
      await dropQuietly(maker, names.prefix)
      await dropRoles(maker, names.prefix, `${names.prefix}_migrator`)
    })
    await dropRoles(admin, names.prefix)
  } finally {
    await admin.end()
  }
}

/**
 * Without force first: Postgres then ends an autovacuum worker itself and waits for connections that are closing, while force needs the right to end
 * processes of superusers.
 */
async function dropQuietly(maker: pg.Client, name: string): Promise<void> {
  const drop = `drop database ${pg.escapeIdentifier(name)}`
  const inUse = '55006'
  await maker.query(drop).catch((error: pg.DatabaseError) => {
    if (error.code !== inUse) throw error
    return maker.query(`${drop} with (force)`)
  })
}

function withParts(
  url: string,
  parts: { readonly database?: string; readonly user?: string; readonly password?: string },
): string {
  const result = new URL(url)
  if (parts.database !== undefined) result.pathname = `/${parts.database}`
  if (parts.user !== undefined) result.username = parts.user
  if (parts.password !== undefined) result.password = parts.password
  return result.href
}
