import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { type HttpServerOptions, loadDevKeys } from '#server'
import { type AppFiles, modelOf } from '../../schema/written-app.ts'
import { useDatabase } from '../../support/database.ts'
import { type Answer, type ShopServer, startShopServer } from '../client.ts'

/** A server for an app that a test wrote, with rows of its own. */
export interface WrittenServer extends ShopServer {
  /** Asks as a person of a tenant. */
  askAs(who: Who, query: string, variables?: object): Promise<Answer>
}

/** A caller by id, tenant and roles. */
export interface Who {
  readonly sub: string
  readonly tenant: string
  readonly roles: readonly string[]
}

/** The app in a database of its own with the rows of `rows`, and a server in front of it, for one test file. */
export function useWrittenServer(
  app: AppFiles,
  rows: string,
  roleSets: readonly (readonly string[])[],
  options: Partial<HttpServerOptions> = {},
): () => WrittenServer {
  const database = useDatabase()
  let running: WrittenServer | undefined
  let folder = ''
  beforeAll(async () => {
    const model = { ...(await modelOf(app)), app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets(roleSets)
    await database().asOwner(async (client) => {
      await client.query(rows)
    })
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    const server = await startShopServer({ model, database: database() }, await loadDevKeys(folder), options)
    const askAs: WrittenServer['askAs'] = async (who, query, variables = {}) =>
      server.ask(query, variables, await server.token({ ...who, claims: {} }))
    running = { ...server, askAs }
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}
