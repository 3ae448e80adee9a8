import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '#schema'
import {
  type DevKeys,
  type DevTokenSubject,
  type HttpServer,
  type HttpServerOptions,
  type LogEvent,
  loadDevKeys,
  signDevToken,
  startHttpServer,
} from '#server'
import { type Answer, post } from '../server/client.ts'
import type { TestDatabase } from './database.ts'

/** Whom a token speaks of. */
export type Subject = Pick<DevTokenSubject, 'sub' | 'tenant' | 'roles'> & Partial<DevTokenSubject>

/** A model served over HTTP, on a free port, with keys of its own. */
export interface ServedApp {
  readonly server: HttpServer
  readonly keys: DevKeys
  /** What the server noticed, oldest first. */
  readonly log: readonly LogEvent[]
  /** Signs a token. */
  token(who: Subject): Promise<string>
  /** Asks as whoever the token says; null: a visitor. */
  ask(who: Subject | null, query: string, variables?: object): Promise<Answer>
  close(): Promise<void>
}

/** What a server may be told beside. */
export type ServeOptions = Partial<Omit<HttpServerOptions, 'model' | 'databaseUrl' | 'tokens' | 'log'>>

/** Serves a model on a database that is made for it. Every test that needs a server begins here, or with what builds on it. */
export async function serveApp(
  model: Model,
  { loginUrl }: Pick<TestDatabase, 'loginUrl'>,
  options: ServeOptions = {},
): Promise<ServedApp> {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  const keys = await loadDevKeys(folder)
  const log: LogEvent[] = []
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    introspection: true,
    ...options,
    model,
    databaseUrl: loginUrl,
    tokens: { kind: 'dev', app: model.app, keys },
    log: (event) => log.push(event),
  })
  const token: ServedApp['token'] = (who) => signDevToken(keys, { app: model.app, claims: {}, ...who })
  return {
    server,
    keys,
    log,
    token,
    ask: async (who, query, variables) =>
      post(server.url, { query, variables }, who === null ? {} : { authorization: `Bearer ${await token(who)}` }),
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
