import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { sql, toText } from '#base'
import { buildCatalog, makeAnew, platformRoles, roleSetName, roleSetsAhead } from '#migrations'
import { loadModel } from '#policies'
import { loadConfig, loadDevKeys, openEmbeddedPostgres, openSeed, runSeed, signDevToken } from '#server'
import { exampleFolder } from './example-folder.ts'
import { parentFolder } from './parent-folder.ts'

/** The example with its rows, in a Postgres of its own. */
export interface ExampleDatabase {
  /** Of the login that serves requests: it owns nothing and may only become who asks. */
  readonly loginUrl: string
  /** As superuser: row security does not hold for it. */
  readonly adminUrl: string
  /** Keys that tokens are signed with are here. */
  readonly folder: string
  /** A verified caller: sales of acme, a manager there, who sees three quarters of the customers and their orders. */
  readonly token: string
  /** What its transactions are told. */
  readonly claims: Readonly<Record<string, string>>
  /** Stops Postgres, leaves it alone for so many milliseconds, and starts it again at the same port. */
  restart(downMs: number): Promise<void>
  close(): Promise<void>
}

/**
 * Makes the database in an embedded Postgres as `rowhouse dev` has it.
 *
 * @param scale how often the 2,000 orders of the example are there
 */
export async function openExampleDatabase(scale: number): Promise<ExampleDatabase> {
  const { model } = await loadModel(exampleFolder)
  const folder = mkdtempSync(join(parentFolder().path, 'rowhouse-bench-graphql-'))
  // As root, Postgres runs as another user.
  chmodSync(folder, 0o755)
  const open = () => openEmbeddedPostgres({ dataFolder: join(folder, 'postgres') })
  let server = await open()
  const restart = async (downMs: number) => {
    await server.stop()
    await sleep(downMs)
    server = await open()
  }
  const close = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const url = new URL(server.adminUrl)
    await asAdmin(url.href, (admin) => admin.query(toText(sql`create database ${sql.identifier(model.app)}`)))
    url.pathname = `/${model.app}`
    const names = platformRoles(model.app)
    const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
    const loginPassword = randomBytes(18).toString('base64url')
    const catalog = buildCatalog(model)
    await makeAnew({ appFolder: exampleFolder, migrateUrl: url.href, names, catalog, roleSets, loginPassword })
    await asAdmin(url.href, async (admin) => {
      const seed = await openSeed(exampleFolder, model, scale)
      await runSeed(model, seed!, { client: admin, owner: names.owner, again: false })
      await showTenants(admin, names.member)
      await admin.query('vacuum analyze')
    })
    const login = new URL(url)
    login.username = names.login
    login.password = loginPassword
    return { loginUrl: login.href, adminUrl: url.href, folder, ...(await mia(model.app, folder)), restart, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function mia(app: string, folder: string): Promise<Pick<ExampleDatabase, 'token' | 'claims'>> {
  const { people } = await loadConfig(exampleFolder)
  const { id, tenant, roles } = people!.mia!
  return {
    token: await signDevToken(await loadDevKeys(folder), { app, sub: id, tenant, roles }),
    claims: {
      role: roleSetName(app, roles),
      'rowhouse.tenant_id': tenant,
      'rowhouse.actor_id': id,
      'rowhouse.claim_region': '',
    },
  }
}

/** Callers may not see in which tenant a row is. Stock PostGraphile joins by whole keys, of which the tenant is a part, so for all alike they may here. */
async function showTenants(admin: pg.Client, member: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'app' and column_name = 'tenant_id'",
  )
  for (const { name } of rows) {
    const table = sql`app.${sql.identifier(name)}`
    await admin.query(toText(sql`grant select (tenant_id) on ${table} to ${sql.identifier(member)}`))
  }
}

async function asAdmin(connectionString: string, task: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  try {
    await task(admin)
  } finally {
    await admin.end()
  }
}
