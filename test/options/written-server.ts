import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { buildCatalog, canonicalCatalog, compareCatalogs, formatDifference, readCatalog, roleWords } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import {
  type DevTokenSubject,
  type HttpServer,
  type LogEvent,
  loadDevKeys,
  signDevToken,
  startHttpServer,
} from '#server'
import { ensureCatalogTable } from '../../migrations/run/catalog-record.ts'
import { type AppFiles, withApp } from '../schema/written-app.ts'
import { type Answer, post } from '../server/client.ts'
import { type TestDatabase, useDatabase } from '../support/database.ts'

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
  /** Asks as Ann of Acme with role `admin`, unless said otherwise; null: as a visitor. */
  ask(query: string, variables?: object, subject?: Partial<DevTokenSubject> | null): Promise<Answer>
}

/**
 * Loads the app, makes its database, compares what was made with what was wanted, and serves it, for one test file. There
 * are two tenants, and `admin` and nobody as role sets.
 */
export function useWrittenServer(files: AppFiles, roles: readonly string[] = ['admin']): () => WrittenServer {
  const database = useDatabase()
  let running: WrittenServer | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    running = await start(files, roles, database(), folder)
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}

async function start(files: AppFiles, roles: readonly string[], database: TestDatabase, folder: string) {
  const loaded = await withApp(files, async (app) => (await loadModel(app)).model)
  const model: Model = { ...loaded, app: database.name }
  const catalog = buildCatalog(model)
  await database.applyCatalog(catalog)
  const words = roleWords(database.names, catalog)
  await database.migrator.query('begin')
  await ensureCatalogTable(database.migrator, words)
  await database.migrator.query('commit')
  const expected = await canonicalCatalog(database.migrator, catalog, words)
  const found = await readCatalog(database.migrator, words)
  expect(compareCatalogs(expected, found).map(formatDifference)).toEqual([])
  await database.ensureRoleSets([[], ...roles.map((role) => [role])])
  await database.asOwner((client) =>
    client.query(
      `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex')`,
    ),
  )
  const keys = await loadDevKeys(folder)
  const log: LogEvent[] = []
  const server = await startHttpServer({
    model,
    databaseUrl: database.loginUrl,
    tokens: { kind: 'dev', app: model.app, keys },
    host: '127.0.0.1',
    port: 0,
    poolSize: 4,
    log: (event) => log.push(event),
  })
  const ask: WrittenServer['ask'] = async (query, variables = {}, subject = {}) => {
    if (subject === null) return post(server.url, { query, variables })
    const token = await signDevToken(keys, { app: model.app, sub: ann, tenant: acme, roles: ['admin'], ...subject })
    return post(server.url, { query, variables }, { authorization: `Bearer ${token}` })
  }
  return { model, database, server, log, ask }
}
