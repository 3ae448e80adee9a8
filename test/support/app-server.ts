import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, type Catalog, migrate, roleSetsAhead, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import {
  bootError,
  defaultLimits,
  type LimitSettings,
  runSeed,
  type SecretKeys,
  type SeedData,
  verifyDatabase,
} from '#server'
import { type TestDatabase, useDatabase } from './database.ts'
import { type ServedApp, serveApp } from './served-app.ts'

/** An app on a database of its own, migrated, verified and served over HTTP. */
export interface AppServer extends ServedApp {
  readonly database: TestDatabase
  readonly model: Model
  readonly catalog: Catalog
}

/** What a database needs beside the app's own migration and seed. */
export interface AppServerOptions {
  /** Tables that the app adopts. Runs on a connection of its own. */
  readonly before?: (client: pg.ClientBase) => Promise<void>
  /** By which secrets are encrypted. */
  readonly secretKeys?: SecretKeys
  /** What requests may ask for; the defaults when left out. */
  readonly limits?: LimitSettings
}

/**
 * Serves the app of a folder for the test file that calls this at its top.
 *
 * @param seed makes its tenants; a function is called when the hooks run
 */
export function useAppServer(
  appFolder: string,
  seed: SeedData | (() => Promise<SeedData>),
  options: AppServerOptions = {},
): () => AppServer {
  const database = useDatabase({ migrator: 'plain' })
  let running: AppServer | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-app-'))
    if (options.before !== undefined) await alone(database(), options.before)
    running = await start(database(), {
      appFolder,
      folder,
      seed: typeof seed === 'function' ? await seed() : seed,
      secretKeys: options.secretKeys ?? null,
      limits: options.limits ?? defaultLimits,
    })
  })
  afterAll(async () => {
    await running?.close()
    await rm(folder, { recursive: true, force: true })
  })
  return () => running!
}

async function alone(database: TestDatabase, task: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = await database.connect(database.migratorUrl)
  try {
    await task(client)
  } finally {
    await client.end()
  }
}

interface Places {
  readonly appFolder: string
  /** Of the migrations and keys. */
  readonly folder: string
  readonly seed: SeedData
  readonly secretKeys: SecretKeys | null
  readonly limits: LimitSettings
}

async function start(database: TestDatabase, places: Places): Promise<AppServer> {
  const { appFolder, folder, seed, secretKeys, limits } = places
  const { names } = database
  const { model: loaded } = await loadModel(appFolder)
  const model: Model = { ...loaded, app: database.name }
  const catalog = buildCatalog(model)
  await writeFirstMigration(folder, catalog, 'Initial schema')
  const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
  await migrate({ appFolder: folder, migrateUrl: database.migratorUrl, names, catalog, roleSets })
  await runSeed(model, seed, { client: database.migrator, owner: names.owner, again: false, secretKeys })
  const login = await database.connect(database.loginUrl)
  const [first, ...more] = await verifyDatabase(login, { appFolder: folder, model, catalog, names })
  await login.end()
  if (first !== undefined) throw bootError([first, ...more])
  return { ...(await serveApp(model, database, { secretKeys, limits, appFolder })), database, model, catalog }
}
