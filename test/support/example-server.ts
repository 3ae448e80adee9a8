import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, type Catalog, migrate, roleSetsAhead, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import {
  bootError,
  type DevKeys,
  type DevTokenSubject,
  type HttpServer,
  type LogEvent,
  loadConfig,
  loadSeed,
  type Person,
  runSeed,
  verifyDatabase,
} from '#server'
import { type Answer, post } from '../server/client.ts'
import { type TestDatabase, useDatabase } from './database.ts'
import { type ServedApp, type ServeOptions, serveApp } from './served-app.ts'

/** Folder of the app that `npm start` serves. */
export const exampleFolder = join(import.meta.dirname, '../../examples/invoicing')

/** People of `rowhouse.config.ts`: ada, sam and mia of acme, gil of globex. */
export type PersonName = 'ada' | 'sam' | 'mia' | 'gil'

/** The example on a database of its own, migrated, seeded, verified and served over HTTP. */
export interface ExampleServer {
  readonly server: HttpServer
  readonly database: TestDatabase
  /** With the database's prefix as the app's name, for roles are shared by the cluster. */
  readonly model: Model
  readonly catalog: Catalog
  readonly keys: DevKeys
  readonly people: Readonly<Record<PersonName, Person>>
  readonly tokens: Readonly<Record<PersonName, string>>
  /** What the server noticed, oldest first. */
  readonly log: readonly LogEvent[]
  /** Signs a token with the server's key: sam's, with other words where given. */
  token(subject?: Partial<DevTokenSubject>): Promise<string>
  /** Asks as somebody: a person, a token, or null for a visitor. */
  ask(who: PersonName | { readonly token: string } | null, query: string, variables?: object): Promise<Answer>
}

/**
 * The example for the test file that calls this at its top, in this process: roles, first migration, seed, the checks of a start, server. What the
 * command line does to get there is tested by its own files.
 */
export function useExampleServer(options: ServeOptions = {}): () => ExampleServer {
  const database = useDatabase({ migrator: 'plain' })
  let running: Awaited<ReturnType<typeof startExample>> | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-example-'))
    running = await startExample(database(), folder, options)
  })
  afterAll(async () => {
    await running?.close()
    await rm(folder, { recursive: true, force: true })
  })
  return () => running!
}

async function startExample(
  database: TestDatabase,
  folder: string,
  options: ServeOptions,
): Promise<ExampleServer & Pick<ServedApp, 'close'>> {
  const { model: loaded } = await loadModel(exampleFolder)
  const model: Model = { ...loaded, app: database.name }
  const catalog = buildCatalog(model)
  await prepare({ database, folder, model, catalog })
  const {
    server,
    keys,
    log,
    token: sign,
    close,
  } = await serveApp(model, database, { graphiql: {}, appFolder: exampleFolder, ...options })
  const people = (await loadConfig(exampleFolder)).people as Record<PersonName, Person>
  const token = (subject: Partial<DevTokenSubject> = {}) => sign({ ...subjectOf(people.sam), ...subject })
  const signed = Object.entries(people).map(async ([name, one]) => [name, await token(subjectOf(one))] as const)
  const tokens = Object.fromEntries(await Promise.all(signed)) as Record<PersonName, string>
  const ask: ExampleServer['ask'] = (who, query, variables) => {
    const bearer = typeof who === 'string' ? tokens[who] : who?.token
    return post(server.url, { query, variables }, bearer === undefined ? {} : { authorization: `Bearer ${bearer}` })
  }
  return { server, database, model, catalog, keys, people, tokens, log, token, ask, close }
}

function subjectOf({ id, tenant, roles, claims }: Person) {
  return { sub: id, tenant, roles, ...(claims === undefined ? {} : { claims }) }
}

interface Preparation {
  readonly database: TestDatabase
  readonly folder: string
  readonly model: Model
  readonly catalog: Catalog
}

/** The migration is written anew: that the committed one is the same is tested by itself. */
async function prepare({ database, folder, model, catalog }: Preparation): Promise<void> {
  const { names } = database
  await writeFirstMigration(folder, catalog, 'Initial schema')
  const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
  await migrate({ appFolder: folder, migrateUrl: database.migratorUrl, names, catalog, roleSets })
  const seed = await loadSeed(exampleFolder)
  await runSeed(model, seed!, { client: database.migrator, owner: names.owner, again: false })
  const login = await database.connect(database.loginUrl)
  const [first, ...more] = await verifyDatabase(login, { appFolder: folder, model, catalog, names })
  await login.end()
  if (first !== undefined) throw bootError([first, ...more])
}
