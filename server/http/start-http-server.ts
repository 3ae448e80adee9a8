import type { IncomingMessage, ServerResponse } from 'node:http'
import { RequestError } from '#base'
import { roleSetName } from '#migrations'
import type { Model } from '#schema'
import { readBearerToken } from '../auth/read-bearer-token.ts'
import { readIdentity, requestSettings, visitor } from '../auth/request-identity.ts'
import { RoleSets } from '../auth/role-sets.ts'
import { Unauthenticated } from '../auth/unauthenticated.ts'
import { createTokenVerifier, type TokenSource, type VerifyToken } from '../auth/verify-token.ts'
import { createGraphqlSchema } from '../graphql/create-graphql-schema.ts'
import { RequestPool } from '../postgres/pool.ts'
import type { RequestSettings } from '../postgres/with-pg-client.ts'
import { ConstraintFields } from './constraint-fields.ts'
import { graphiqlPage, type Page } from './graphiql-page.ts'
import { createGraphqlHandler, type GraphqlHandler, graphqlPath } from './graphql-handler.ts'
import { isOwnHost } from './host-check.ts'
import { type Listening, listen } from './listen.ts'
import type { Log } from './log-event.ts'
import { createMaskError } from './mask-error.ts'
import { sendJson, sendRequestError } from './send.ts'

/** Everything that a server needs to know. Nothing is read from the environment. */
export interface HttpServerOptions {
  readonly model: Model
  /** Of the login `<app>_login`. */
  readonly databaseUrl: string
  readonly tokens: TokenSource
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Connections of the pool; 10 when left out. */
  readonly poolSize?: number
  /** A statement that runs longer is cancelled; 15,000 when left out. */
  readonly statementTimeoutMs?: number
  /** A body that is longer is refused with LIMIT; 262,144 when left out. */
  readonly maxBodyBytes?: number
  /** How long running requests may take when the server ends; 10,000 when left out. */
  readonly drainMs?: number
  /** GraphiQL at `/`, for development; off when left out. */
  readonly graphiql?: GraphiqlOptions | null
  /** Name of the role set of a list of roles; the one of the migrations when left out. */
  readonly roleSetName?: (app: string, roles: readonly string[]) => string
  /** Makes a role set that is not there; without it, such callers are refused with FORBIDDEN. */
  readonly provisionRoleSet?: (roles: readonly string[]) => Promise<void>
  readonly log?: Log
}

/** How GraphiQL is served. */
export interface GraphiqlOptions {
  /** Host names other than this machine's under which a page with a token is served; one without is served under any. */
  readonly allowedHosts?: readonly string[]
  /** A token of the development key for the starter tabs. Whoever can open the page gets it. */
  readonly token?: string | null
}

/** A server that answers. */
export interface HttpServer {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** Leaves every database connection behind, after the database was changed. */
  recycle(): void
  /** Drains, then closes the pool. */
  close(): Promise<void>
}

/**
 * Serves a model over HTTP: `/graphql`, `/healthz`, `/readyz` and, for development, GraphiQL at `/`.
 *
 * @throws OperatorError PORT_IN_USE
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { model, graphiql } = options
  const app = new AppServer(options, graphiql == null ? null : await graphiqlPage(model, graphiql.token ?? null))
  try {
    const listening = await listen((request, response) => app.answer(request, response), options)
    return { url: listening.url, recycle: () => app.recycle(), close: () => app.close(listening) }
  } catch (error) {
    await app.close(null)
    throw error
  }
}

class AppServer {
  readonly #options: HttpServerOptions
  readonly #pool: RequestPool
  readonly #roleSets: RoleSets
  readonly #verifyToken: VerifyToken
  readonly #graphql: GraphqlHandler
  readonly #page: Page | null
  readonly #log: Log
  readonly #mask: ReturnType<typeof createMaskError>
  #isDraining = false

  constructor(options: HttpServerOptions, page: Page | null) {
    const { model } = options
    this.#options = options
    this.#log = options.log ?? (() => undefined)
    this.#pool = new RequestPool({
      connectionString: options.databaseUrl,
      ...(options.poolSize === undefined ? {} : { max: options.poolSize }),
      ...(options.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: options.statementTimeoutMs }),
      onError: (error) => this.#log({ kind: 'connection-lost', error }),
    })
    this.#roleSets = new RoleSets({
      app: model.app,
      nameOf: options.roleSetName ?? roleSetName,
      exists: (role) => this.#pool.mayBecome(role),
      ...(options.provisionRoleSet === undefined ? {} : { provision: options.provisionRoleSet }),
    })
    this.#verifyToken = createTokenVerifier(options.tokens)
    this.#mask = createMaskError(new ConstraintFields(model), this.#log)
    this.#graphql = createGraphqlHandler({
      api: createGraphqlSchema(model),
      maskError: this.#mask,
      withPgClient: this.#pool.withPgClient,
      maxBodyBytes: options.maxBodyBytes ?? 262_144,
    })
    this.#page = page
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close')
    this.#route(request, response).catch((error: unknown) => {
      const { message, extensions } = this.#mask(error)
      const code = extensions.code as RequestError['code']
      if (response.headersSent) response.destroy()
      else sendRequestError(request, response, new RequestError(code, message, extensions))
    })
  }

  recycle(): void {
    this.#pool.recycle()
    this.#roleSets.forget()
  }

  async close(listening: Listening | null): Promise<void> {
    this.#isDraining = true
    await listening?.close()
    await this.#pool.close()
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '/').split('?', 1)
    if (path === graphqlPath) return await this.#answerGraphql(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(response, 405, { error: 'Method not allowed.' })
    if (path === '/healthz') return sendJson(response, 200, { status: 'alive' })
    if (path === '/readyz') return await this.#answerReady(response)
    if (path === '/' && this.#page !== null) return this.#answerPage(request, response, this.#page)
    sendJson(response, 404, { error: 'There is nothing here.', graphql: graphqlPath })
  }

  async #answerGraphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#graphql(request, response, await this.#settingsOf(request))
    } catch (error) {
      if (error instanceof Unauthenticated) this.#log({ kind: 'unauthenticated', reason: error.reason })
      throw error
    }
  }

  async #settingsOf(request: IncomingMessage): Promise<RequestSettings> {
    const { model } = this.#options
    const token = readBearerToken(request.headers.authorization)
    const identity = token === null ? visitor : readIdentity(model, await this.#verifyToken(token))
    return requestSettings(model, identity, await this.#roleSets.roleOf(identity))
  }

  async #answerReady(response: ServerResponse): Promise<void> {
    if (this.#isDraining) return sendJson(response, 503, { status: 'draining' })
    try {
      await this.#pool.ping()
    } catch (error) {
      this.#log({ kind: 'connection-lost', error })
      return sendJson(response, 503, { status: 'database unreachable' })
    }
    sendJson(response, 200, { status: 'ready' })
  }

  #answerPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
    const { allowedHosts = [], token = null } = this.#options.graphiql ?? {}
    // Without a token the page holds nothing that is not in every copy of it; production serves it under its public name.
    if (token === null || isOwnHost(request.headers.host, allowedHosts)) {
      response.writeHead(200, page.headers)
      response.end(request.method === 'HEAD' ? undefined : page.body)
    } else sendJson(response, 403, { error: 'This page is not served under that host name.' })
  }
}
