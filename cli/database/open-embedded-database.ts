import { existsSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { OperatorError, sql, toText } from '#base'
import { platformRoles } from '#migrations'
import { findEmbeddedPostgres, openEmbeddedPostgres, type Settings } from '#server'
import type { Database } from './database.ts'
import { openDataFolder } from './open-data-folder.ts'
import { withClient } from './with-client.ts'

/** Which database of the embedded Postgres. */
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
  const names = platformRoles(options.app)
  const server = await openServer(options)
  try {
    await createIfMissing(server.adminUrl, options.app)
  } catch (error) {
    await server.close()
    throw error
  }
  return {
    kind: 'embedded',
    names,
    migrateUrl: withPath(server.adminUrl, options.app),
    url: null,
    provisionUrl: withPath(server.adminUrl, options.app),
    state: server.state,
    movedTo: isInside(server.folder, options.settings.dataFolder) ? null : server.folder,
    recreate: async () => {
      await drop(server.adminUrl, options.app)
      await createIfMissing(server.adminUrl, options.app)
    },
    close: server.close,
  }
}

interface Server {
  readonly adminUrl: string
  readonly folder: string
  readonly state: Database['state']
  close(): Promise<void>
}

async function openServer({ settings, mayShare }: EmbeddedOptions): Promise<Server> {
  const place = { dataFolder: settings.dataFolder, mayMove: !settings.isDataFolderChosen }
  await openDataFolder(settings.dataFolder)
  try {
    const server = await openEmbeddedPostgres(place)
    const state = server.fresh ? 'made' : server.adopted ? 'adopted' : 'started'
    return { adminUrl: server.adminUrl, folder: server.folder, state, close: () => server.stop() }
  } catch (error) {
    const isInUse = error instanceof OperatorError && error.code === 'DATA_FOLDER_IN_USE'
    const running = isInUse && mayShare ? await findEmbeddedPostgres(place) : null
    if (running === null) throw error
    return { adminUrl: running.adminUrl, folder: running.folder, state: 'shared', close: async () => {} }
  }
}

/** Also where the way to the data folder has symbolic links. */
function isInside(folder: string, dataFolder: string): boolean {
  return existsSync(dataFolder) && folder.startsWith(`${realpathSync(dataFolder)}${sep}`)
}

/** Postgres has no `create database if not exists`. Two at once do not happen: one process has the cluster, or both find it made. */
async function createIfMissing(adminUrl: string, app: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query('select 1 from pg_catalog.pg_database where datname = $1', [app])
    if (rows.length === 0) await client.query(toText(sql`create database ${sql.identifier(app)}`))
  })
}

async function drop(adminUrl: string, app: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(toText(sql`drop database if exists ${sql.identifier(app)} with (force)`))
  })
}

function withPath(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.href
}
