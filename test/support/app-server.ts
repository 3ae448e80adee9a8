import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, type Catalog, migrate, roleSetsAhead, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import {
  bootError,
  type DevTokenSubject,
  type HttpServer,
  type LogEvent,
  loadDevKeys,
  runSeed,
  type SeedData,
  signDevToken,
  startHttpServer,
  verifyDatabase,
} from '#server'
import { type Answer, post } from '../server/client.ts'
import { type TestDatabase, useDatabase } from './database.ts'

/** An app on a database of its own, migrated, verified and served over HTTP. */
export interface AppServer {
  readonly server: HttpServer
  readonly database: TestDatabase
  readonly model: Model
  readonly catalog: Catalog
  /** What the server noticed, oldest first. */
  readonly log: readonly LogEvent[]
  /** Signs a token. */
  token(who: Subject): Promise<string>
  /** Asks as whoever the token says. */
  ask(who: Subject, query: string, variables?: object): Promise<Answer>
}

/** Whom a token speaks of. */
type Subject = Pick<DevTokenSubject, 'sub' | 'tenant' | 'roles'> & Partial<DevTokenSubject>

/** Serves the app of a folder for the test file that calls this at its top. The seed makes its tenants. */
export function useAppServer(appFolder: string, seed: SeedData): () => AppServer {
  const database = useDatabase({ migrator: 'plain' })
  let running: AppServer | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-app-'))
    running = await start(database(), { appFolder, folder, seed })
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true, force: true })
  })
  return () => running!
}

interface Places {
  readonly appFolder: string
  /** Of the migrations and keys. */
  readonly folder: string
  readonly seed: SeedData
}

async function start(database: TestDatabase, { appFolder, folder, seed }: Places): Promise<AppServer> {
  const { names } = database
  const { model: loaded } = await loadModel(appFolder)
  const model: Model = { ...loaded, app: database.name }
  const catalog = buildCatalog(model)
  await writeFirstMigration(folder, catalog, 'Initial schema')
  const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
  await migrate({ appFolder: folder, migrateUrl: database.migratorUrl, names, catalog, roleSets })
  await runSeed(model, seed, { client: database.migrator, owner: names.owner, again: false })
  const login = await database.connect(database.loginUrl)
  const [first, ...more] = await verifyDatabase(login, { appFolder: folder, model, catalog, names })
  await login.end()
  if (first !== undefined) throw bootError([first, ...more])
  const keys = await loadDevKeys(folder)
  const log: LogEvent[] = []
  const tokens = { kind: 'dev', app: model.app, keys } as const
  const at = { host: '127.0.0.1', port: 0 }
  const server = await startHttpServer({
    model,
    databaseUrl: database.loginUrl,
    tokens,
    ...at,
    log: (event) => log.push(event),
  })
  const token = (who: Subject) => signDevToken(keys, { app: model.app, ...who } as never)
  const ask: AppServer['ask'] = async (who, query, variables) =>
    post(server.url, { query, variables }, { authorization: `Bearer ${await token(who)}` })
  return { server, database, model, catalog, log, token, ask }
}
