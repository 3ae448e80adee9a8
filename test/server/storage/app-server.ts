import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, type Catalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import type { LogEvent } from '#server'
import { type TestDatabase, useDatabase } from '../../support/database.ts'
import { serveApp } from '../../support/served-app.ts'
import type { Answer } from '../client.ts'

/** Tenants of the apps below. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'

/** Somebody of a tenant. */
export interface Asker {
  readonly tenant: string
  readonly id: string
  readonly roles: readonly string[]
}

/** An app of `test/fixtures/apps` with a database and a server. */
export interface AppServer {
  readonly model: Model
  readonly catalog: Catalog
  readonly database: TestDatabase
  readonly log: readonly LogEvent[]
  ask(who: Asker, query: string, variables?: object): Promise<Answer>
}

/** How an app is brought up. */
export interface AppServerOptions {
  readonly folder: string
  readonly roleSets: readonly (readonly string[])[]
  /** Makes the database what the catalog says; default: all of it, in an empty one. */
  readonly prepare?: (database: TestDatabase, catalog: Catalog) => Promise<void>
  /** Writes rows; called when everything is made. */
  readonly fill: (database: TestDatabase) => Promise<void>
}

/** Brings an app up before the tests of a file, and takes it down afterwards. */
export function useAppServer(options: AppServerOptions): () => AppServer {
  const database = useDatabase()
  let running: Awaited<ReturnType<typeof start>> | undefined
  beforeAll(async () => {
    running = await start(database(), options)
  })
  afterAll(() => running?.close())
  return () => running!
}

async function start(database: TestDatabase, options: AppServerOptions) {
  const loaded = await loadModel(options.folder)
  const model: Model = { ...loaded.model, app: database.name }
  const catalog = buildCatalog(model)
  await (options.prepare ?? ((db, made) => db.applyCatalog(made)))(database, catalog)
  await database.ensureRoleSets(options.roleSets)
  await options.fill(database)
  const { log, close, ask: askAs } = await serveApp(model, database, { poolSize: 4, graphiql: {} })
  const ask: AppServer['ask'] = ({ id, tenant, roles }, query, variables) =>
    askAs({ sub: id, tenant, roles }, query, variables)
  return { model, catalog, database, log, ask, close }
}
