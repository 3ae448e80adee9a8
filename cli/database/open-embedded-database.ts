import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { OperatorError, sql, toText } from '#base'
import { findEmbeddedPostgres, openEmbeddedPostgres, type Settings } from '#server'
import type { Database } from './database.ts'

/** How to open it. */
export interface EmbeddedOptions {
  /** Name of the app, and of its database. */
  readonly app: string
  readonly settings: Settings
  /** Whether to work beside a process that has it open already. */
  readonly mayShare: boolean
}

/**
 * The database of an app in the embedded Postgres, made when it is missing.
 *
 * @throws OperatorError as `openEmbeddedPostgres` says
 */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<Database> {
  const { app } = options
  const server = await openServer(options)
  await inDatabase(server.adminUrl, (client) => createIfMissing(client, app))
  const url = new URL(server.adminUrl)
  url.pathname = `/${app}`
  const login = `${app}_login`
  return {
    kind: 'embedded',
    migrateUrl: url.href,
    login,
    url: null,
    provisionUrl: url.href,
    wasAdopted: server.adopted,
    recreate: () => inDatabase(server.adminUrl, (client) => recreate(client, app)),
    close: server.close,
  }
}

interface Server {
  readonly adminUrl: string
  readonly adopted: boolean
  close(): Promise<void>
}

async function openServer({ settings, mayShare }: EmbeddedOptions): Promise<Server> {
  const place = { dataFolder: settings.dataFolder, mayMove: !settings.isDataFolderChosen }
  try {
    const server = await openEmbeddedPostgres(place)
    return { adminUrl: server.adminUrl, adopted: server.adopted, close: () => server.stop() }
  } catch (error) {
    const inUse = error instanceof OperatorError && error.code === 'DATA_FOLDER_IN_USE'
    const running = inUse && mayShare ? await findEmbeddedPostgres(place) : null
    if (running === null) throw error
    return { adminUrl: running.adminUrl, adopted: false, close: async () => {} }
  }
}

async function createIfMissing(client: Client, app: string): Promise<void> {
  const { rows } = await client.query('select 1 from pg_catalog.pg_database where datname = $1', [app])
  if (rows.length === 0) await client.query(toText(sql`create database ${sql.identifier(app)}`))
}

async function recreate(client: Client, app: string): Promise<void> {
  await client.query(toText(sql`drop database if exists ${sql.identifier(app)} with (force)`))
  await client.query(toText(sql`create database ${sql.identifier(app)}`))
}

async function inDatabase(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Gives the login a password for this run and returns its address. Nothing but this process needs to know it.
 *
 * @param database an embedded one whose roles are made
 */
export async function loginOf(database: Database): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await inDatabase(database.migrateUrl, async (client) => {
    await client.query(
      toText(sql`alter role ${sql.identifier(database.login)} with login password ${sql.literal(password)}`),
    )
  })
  const url = new URL(database.migrateUrl)
  url.username = database.login
  url.password = password
  return url.href
}
