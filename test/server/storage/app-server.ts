import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, type Catalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { type HttpServer, type LogEvent, loadDevKeys, signDevToken, startHttpServer } from '#server'
import { type TestDatabase, useDatabase } from '../../support/database.ts'
import { type Answer, post } from '../client.ts'

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
  let running: (AppServer & { readonly server: HttpServer }) | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    running = await start(database(), folder, options)
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}

async function start(database: TestDatabase, folder: string, options: AppServerOptions) {
  const loaded = await loadModel(options.folder)
  const model: Model = { ...loaded.model, app: database.name }
  const catalog = buildCatalog(model)
  await (options.prepare ?? ((db, made) => db.applyCatalog(made)))(database, catalog)
  await database.ensureRoleSets(options.roleSets)
  await options.fill(database)
  const keys = await loadDevKeys(folder)
  const log: LogEvent[] = []
  const server = await startHttpServer({
    model,
    databaseUrl: database.loginUrl,
    tokens: { kind: 'dev', app: model.app, keys },
    host: '127.0.0.1',
    port: 0,
    poolSize: 4,
    graphiql: {},
    log: (event) => log.push(event),
  })
  const ask: AppServer['ask'] = async (who, query, variables) => {
    const subject = { app: model.app, sub: who.id, tenant: who.tenant, roles: who.roles, claims: {} }
    const token = await signDevToken(keys, subject)
    return post(server.url, { query, variables }, { authorization: `Bearer ${token}` })
  }
  return { model, catalog, database, log, ask, server }
}
