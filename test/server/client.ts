import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
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
import { acme, type Shop, sam, useShop } from './shop.ts'

/** What came back from the GraphQL endpoint. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path?: unknown
    readonly extensions: { readonly code: string; readonly [key: string]: unknown }
  }[]
  /** The whole body. */
  readonly text: string
}

/** A running server with a shop behind it. */
export interface ShopServer extends Shop {
  readonly server: HttpServer
  readonly keys: DevKeys
  readonly log: LogEvent[]
  /** A token; Sam of Acme, sales, region eu, unless said otherwise. */
  token(subject?: Partial<DevTokenSubject>): Promise<string>
  /** Asks as Sam, or with the token given; null: as a visitor. */
  ask(query: string, variables?: object | null, token?: string | null, signal?: AbortSignal): Promise<Answer>
}

/** A shop and a server in front of it, for one test file. */
export function useShopServer(options: Partial<HttpServerOptions> = {}): () => ShopServer {
  const shop = useShop()
  let running: ShopServer | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    running = await startShopServer(shop(), await loadDevKeys(folder), options)
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}

/** Starts a server in front of a shop; close it. */
export async function startShopServer(
  shop: Shop,
  keys: DevKeys,
  options: Partial<HttpServerOptions> = {},
): Promise<ShopServer> {
  const log: LogEvent[] = []
  const { model, database } = shop
  const server = await startHttpServer({
    model,
    databaseUrl: database.loginUrl,
    tokens: { kind: 'dev', app: model.app, keys },
    host: '127.0.0.1',
    port: 0,
    poolSize: 4,
    introspection: true,
    log: (event) => log.push(event),
    ...(options as object),
  })
  const token = (subject: Partial<DevTokenSubject> = {}) =>
    signDevToken(keys, {
      app: model.app,
      sub: sam,
      tenant: acme,
      roles: ['sales'],
      claims: { region: 'eu' },
      ...subject,
    })
  const samsToken = await token()
  const ask: ShopServer['ask'] = (query, variables = null, bearer = samsToken, signal) =>
    post(server.url, { query, variables }, bearer === null ? {} : { authorization: `Bearer ${bearer}` }, signal)
  return { ...shop, server, keys, log, token, ask }
}

/** Posts a GraphQL request. */
export async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  })
  const text = await response.text()
  const parsed = text.startsWith('{') ? JSON.parse(text) : {}
  return {
    status: response.status,
    headers: response.headers,
    data: parsed.data ?? null,
    errors: parsed.errors ?? [],
    text,
  }
}
