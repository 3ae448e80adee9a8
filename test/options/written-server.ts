import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { type DevTokenSubject, type HttpServer, type LogEvent, readSecretKeys } from '#server'
import { type AppFiles, withApp } from '../schema/written-app.ts'
import type { Answer } from '../server/client.ts'
import { expectCatalogReadBack } from '../support/catalog-read-back.ts'
import { type TestDatabase, useDatabase } from '../support/database.ts'
import { serveApp } from '../support/served-app.ts'

/** Tenants and people that every written server knows. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'
export const gil = '00000000-0000-7000-8000-0000000000b1'

/** An app written in a test, in a database of its own, served. */
export interface WrittenServer {
  readonly model: Model
  readonly database: TestDatabase
  readonly server: HttpServer
  readonly log: readonly LogEvent[]
  /** A token of Ann of Acme with role `admin`, unless said otherwise. */
  token(subject: Partial<DevTokenSubject>): Promise<string>
  /** Asks as Ann of Acme with role `admin`, unless said otherwise; null: as a visitor. */
  ask(query: string, variables?: object, subject?: Partial<DevTokenSubject> | null): Promise<Answer>
}

/**
 * Loads the app, makes its database, compares what was made with what was wanted, and serves it, for one test file. There
 * are two tenants, and `admin` and nobody as role sets.
 */
export function useWrittenServer(files: AppFiles, roles: readonly string[] = ['admin']): () => WrittenServer {
  const database = useDatabase()
  let running: Awaited<ReturnType<typeof start>> | undefined
  beforeAll(async () => {
    running = await start(files, roles, database())
  })
  afterAll(() => running?.close())
  return () => running!
}

async function start(files: AppFiles, roles: readonly string[], database: TestDatabase) {
  const loaded = await withApp(files, async (app) => (await loadModel(app)).model)
  const model: Model = { ...loaded, app: database.name }
  await expectCatalogReadBack(database, buildCatalog(model))
  await database.ensureRoleSets([[], ...roles.map((role) => [role])])
  await database.asOwner((client) =>
    client.query(
      `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex')`,
    ),
  )
  const secretKeys = readSecretKeys(Buffer.alloc(32, 1).toString('base64'))
  const {
    server,
    log,
    close,
    ask: askAs,
    token: tokenOf,
  } = await serveApp(model, database, { poolSize: 4, secretKeys })
  const token: WrittenServer['token'] = (subject) => tokenOf({ sub: ann, tenant: acme, roles: ['admin'], ...subject })
  const ask: WrittenServer['ask'] = (query, variables = {}, subject = {}) =>
    askAs(subject === null ? null : { sub: ann, tenant: acme, roles: ['admin'], ...subject }, query, variables)
  return { model, database, server, log, token, ask, close }
}
