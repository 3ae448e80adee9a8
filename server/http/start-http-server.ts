import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { RequestError } from '#base'
import { roleSetName } from '#migrations'
import type { Model } from '#schema'
import { openScriptPool, type ScriptPool } from '#scripts'
import { settingNames } from '../auth/request-identity.ts'
import { RoleSets } from '../auth/role-sets.ts'
import { Unauthenticated } from '../auth/unauthenticated.ts'
import type { TokenSource } from '../auth/verify-token.ts'
import { type Bodies, loadBodies } from '../bodies/load-bodies.ts'
import { defaultLimits, type LimitSettings } from '../config/limits.ts'
import type { Messages } from '../config/messages.ts'
import type { CorsSettings } from '../config/read-cors.ts'
import { noScriptSettings, type ScriptSettings } from '../config/read-scripts.ts'
import type { DatabasePooling } from '../config/settings.ts'
import { defaultStatementMs, RequestPool } from '../postgres/pool.ts'
import { checkSecretKeys } from '../secrets/seal-secret.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import { compilePublished, publishableScripts } from '../tenant-scripts/publishable-scripts.ts'
import type { PublishableScripts } from '../tenant-scripts/publishing.ts'
import { RunRecorder } from '../tenant-scripts/run-recorder.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import { TenantVersions } from '../tenant-scripts/tenant-versions.ts'
import { Callers } from './callers.ts'
import { answerCors } from './cors.ts'
import type { TrustedDocumentsPlan } from './documents/load-trusted-documents.ts'
import { localiser } from './error-texts.ts'
import { type GraphiqlOptions, GraphiqlRoutes } from './graphiql-routes.ts'
import { graphqlPath } from './graphql-handler.ts'
import { readUnmeasured } from './limits/read-unmeasured.ts'
import { requestRefusal } from './limits/request-refusal.ts'
import { defaultDrainMs, type Listening, listen } from './listen.ts'
import type { Log } from './log-event.ts'
import { sendJson, sendRequestError } from './send.ts'
import { type ServedApp, type ServedModel, type Serving, serveModel } from './serve-model.ts'
import type { SocketOperation } from './sockets/graphql-socket.ts'
import { OpenSockets } from './sockets/open-sockets.ts'
import type { SocketPatience } from './sockets/socket-server.ts'
import type { WorkshopState } from './workshop/workshop-state.ts'

/** Everything that a server needs to know. Nothing is read from the environment. */
export interface HttpServerOptions {
  readonly model: Model
  /** Of the app, whose code its requests run; none is run when left out. */
  readonly appFolder?: string
  /** Of the login `<app>_login`. */
  readonly databaseUrl: string
  readonly tokens: TokenSource
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Listens there instead, behind a front. */
  readonly pipe?: string
  /** Connections of the pool; 10 when left out. */
  readonly poolSize?: number
  /** `transaction`: behind a pooler that gives each transaction another session; `session` when left out. */
  readonly databasePooling?: DatabasePooling
  /** Networks of proxies that are believed about addresses of clients, in CIDR notation; none when left out. */
  readonly trustedProxies?: readonly string[]
  /** A statement that runs longer is cancelled; 15,000 when left out. */
  readonly statementTimeoutMs?: number
  /** What requests may ask for; the defaults of the configuration when left out. */
  readonly limits?: LimitSettings
  /** Which pages of other origins may ask; none when left out. */
  readonly cors?: CorsSettings | null
  /** Those that callers may name, or are bound to; none when left out. */
  readonly documents?: TrustedDocumentsPlan | null
  /** Whether the schema is told, and names are suggested; where there is GraphiQL when left out. */
  readonly introspection?: boolean
  /** Scripts that tenants publish others for; none when left out. */
  readonly scripts?: PublishableScripts | null
  /** What scripts may reach beside rows; nothing when left out. */
  readonly scriptSettings?: ScriptSettings
  /** How long running requests may take when the server ends; 10,000 when left out. */
  readonly drainMs?: number
  /** How long WebSockets are waited for; defaults for what is left out. */
  readonly socketPatience?: Partial<SocketPatience>
  /** GraphiQL at `/`, for development; off when left out. */
  readonly graphiql?: GraphiqlOptions | null
  /** Name of the role set of a list of roles; the one of the migrations when left out. */
  readonly roleSetName?: (app: string, roles: readonly string[]) => string
  /** Makes a role set that is not there; without it, such callers are refused with FORBIDDEN. */
  readonly provisionRoleSet?: (roles: readonly string[]) => Promise<void>
  /** By which secrets are encrypted; without, an app that has some to encrypt is not served. */
  readonly secretKeys?: SecretKeys | null
  /** Of errors, for callers of other languages; none when left out. */
  readonly messages?: Messages
  readonly log?: Log
}

/** A server that answers. */
export interface HttpServer {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** Leaves every database connection behind, after the database was changed. */
  recycle(): void
  /**
   * Serves another model of the same app. Builds its API first, which blocks the event loop unless it stays the same; then `follow` brings the database there; then requests that come
   * are answered with it, while those that run finish with what they began with. When either throws, all stays as it was.
   */
  replace(model: Model, follow: () => Promise<void>): Promise<void>
  /** What open pages of GraphiQL show from now on; only where there is a workshop. */
  show(workshop: WorkshopState): void
  /** Ends what would last without an end, so that clients connect anew; requests are answered as before. */
  hangUp(): void
  /** Drains, then closes the pool. */
  close(): Promise<void>
}

/**
 * Serves a model over HTTP: `/graphql`, `/healthz`, `/readyz` and, for development, GraphiQL at `/`.
 *
 * @throws OperatorError PORT_IN_USE, SECRETS_KEY_MISSING, SECRET_HASH_UNSUPPORTED
 * @throws ModelError of code that cannot be loaded
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  checkSecretKeys(options.model, options.secretKeys ?? null)
  const bodies = await loadBodies(options.model, { folder: options.appFolder ?? null, fresh: true })
  const app = new AppServer(options, bodies)
  try {
    const listening = await listen((request, response) => app.answer(request, response), {
      ...options,
      bodyTimeoutMs: app.limits.bodyTimeoutMs,
      upgrade: (request, connection, head) => app.sockets.upgrade(request, connection, head),
    })
    app.warm(bodies)
    return {
      url: listening.url,
      recycle: () => app.recycle(),
      replace: (model, follow) => app.replace(model, follow),
      show: (workshop) => app.show(workshop),
      hangUp: () => app.hangUp(),
      close: () => app.close(listening),
    }
  } catch (error) {
    await app.close(null)
    throw error
  }
}

interface Refusal {
  readonly error: RequestError
  /** That of the code when left out. */
  readonly status?: number
}

class AppServer {
  readonly limits: LimitSettings
  readonly sockets: OpenSockets
  readonly #options: HttpServerOptions
  readonly #pool: RequestPool
  /** Of an app without scripts it begins no thread. */
  readonly #scriptPool: ScriptPool
  readonly #tenantScripts: TenantScripts
  readonly #roleSets: RoleSets
  readonly #callers: Callers
  readonly #log: Log
  readonly #graphiql: GraphiqlRoutes
  #served: ServedModel
  #isDraining = false

  constructor(options: HttpServerOptions, bodies: Bodies) {
    const { model, tokens, graphiql = null } = options
    this.#options = options
    this.limits = options.limits ?? defaultLimits
    this.#scriptPool = openScriptPool({
      ...options.scriptSettings?.pool,
      onLine: (line) => this.#log({ kind: 'script-log', ...line }),
    })
    this.#log = options.log ?? (() => undefined)
    this.#pool = new RequestPool({
      connectionString: options.databaseUrl,
      ...(options.poolSize === undefined ? {} : { max: options.poolSize }),
      ...(options.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: options.statementTimeoutMs }),
      isSessionKept: options.databasePooling !== 'transaction',
      settingNames: settingNames(model),
      onError: (error) => this.#log({ kind: 'connection-lost', error }),
    })
    this.#tenantScripts = {
      versions: new TenantVersions(compilePublished),
      recorder: new RunRecorder(this.#pool, (error) => this.#log({ kind: 'internal-error', id: randomUUID(), error })),
    }
    this.#roleSets = new RoleSets({
      app: model.app,
      nameOf: options.roleSetName ?? roleSetName,
      exists: (role) => this.#pool.mayBecome(role),
      ...(options.provisionRoleSet === undefined ? {} : { provision: options.provisionRoleSet }),
    })
    this.#callers = new Callers({ tokens, roleSets: this.#roleSets, trustedProxies: options.trustedProxies ?? [] })
    this.#graphiql = new GraphiqlRoutes(graphiql)
    this.#served = this.#serve({ model, bodies }, null)
    this.sockets = this.#openSockets()
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close')
    const served = this.#served
    this.#route(request, response, served).catch((error: unknown) => {
      const { message, extensions } = served.mask(error)
      const code = extensions.code as RequestError['code']
      if (response.headersSent) response.destroy()
      else this.#refuse(request, response, { error: new RequestError(code, message, extensions) })
    })
  }

  /** So that the first script does not wait for its thread. */
  warm({ scripts }: Bodies): void {
    if (scripts.size > 0) this.#scriptPool.warm()
  }

  recycle(): void {
    if (this.#isDraining) return
    this.#pool.recycle()
    this.#roleSets.forget()
  }

  async replace(model: Model, follow: () => Promise<void>): Promise<void> {
    const bodies = await loadBodies(model, { folder: this.#options.appFolder ?? null, fresh: true })
    const served = this.#serve({ model, bodies }, this.#served)
    await follow()
    this.#served = served
    this.warm(bodies)
    this.recycle()
  }

  show(workshop: WorkshopState): void {
    this.#graphiql.show(workshop)
  }

  hangUp(): void {
    void this.#endStreams()
  }

  async close(listening: Listening | null): Promise<void> {
    this.#isDraining = true
    await Promise.all([listening?.close(), this.#endStreams()])
    await this.#scriptPool.close()
    await this.#tenantScripts.recorder.idle()
    await this.#pool.close()
  }

  /** Operations over WebSockets may finish. */
  async #endStreams(): Promise<void> {
    this.#graphiql.close()
    await this.sockets.close(this.#options.drainMs ?? defaultDrainMs)
  }

  #serve({ model, bodies }: ServedApp, before: ServedModel | null): ServedModel {
    const secretKeys = this.#options.secretKeys ?? null
    checkSecretKeys(model, secretKeys)
    const serving: Serving = {
      log: this.#log,
      pool: this.#pool,
      secretKeys,
      messages: this.#options.messages ?? {},
      limits: this.limits,
      scriptPool: this.#scriptPool,
      scriptSettings: this.#options.scriptSettings ?? noScriptSettings,
      tenantScripts: publishes(model) ? this.#tenantScripts : null,
      codeTimeoutMs: this.#options.statementTimeoutMs ?? defaultStatementMs,
      documents: this.#options.documents ?? null,
      introspection: this.#options.introspection ?? this.#graphiql.kind !== null,
      scripts: this.#options.scripts ?? (publishes(model) ? publishableScripts(bodies.scripts) : null),
      page: this.#graphiql.kind,
    }
    return serveModel({ model, bodies }, serving, before)
  }

  async #route(request: IncomingMessage, response: ServerResponse, served: ServedModel): Promise<void> {
    const [path] = (request.url ?? '/').split('?', 1)
    if (path === graphqlPath) return await this.#answerGraphql(request, response, served)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(response, 405, { error: 'Method not allowed.' })
    if (path === '/healthz') return sendJson(response, 200, { status: 'alive' })
    if (path === '/readyz') return await this.#answerReady(response)
    const { page } = served
    if (await this.#graphiql.answer(request, response, { page, isDraining: this.#isDraining })) return
    sendJson(response, 404, { error: 'There is nothing here.', graphql: graphqlPath })
  }

  async #answerGraphql(request: IncomingMessage, response: ServerResponse, served: ServedModel): Promise<void> {
    if (answerCors(request, response, this.#options.cors ?? null)) return
    const { maxBodyBytes } = this.limits
    const refusal = requestRefusal(request, maxBodyBytes) ?? (await readUnmeasured(request, maxBodyBytes))
    if (refusal !== null) return this.#refuse(request, response, refusal)
    const asking = { authorization: request.headers.authorization, address: this.#callers.addressOf(request) }
    try {
      await served.graphql.answer(request, response, await this.#callers.callerOf(asking, served))
    } catch (error) {
      if (error instanceof Unauthenticated) this.#log({ kind: 'unauthenticated', reason: error.reason })
      throw error
    }
  }

  /** In the caller's language. */
  #refuse(request: IncomingMessage, response: ServerResponse, { error, status }: Refusal): void {
    const { code, message, extensions } = error
    const localise = localiser(this.#options.messages ?? {}, request.headers['accept-language'])
    const told = localise?.({ code, message, extensions }) ?? error
    // Of no use to whom the status reaches.
    const { http: _, ...rest } = told.extensions as { readonly http?: unknown }
    sendRequestError(request, response, new RequestError(code, told.message, rest), status)
  }

  #openSockets(): OpenSockets {
    const { cors = null, socketPatience = {} } = this.#options
    return new OpenSockets({
      limits: this.limits,
      cors,
      patience: socketPatience,
      addressOf: (request) => this.#callers.addressOf(request),
      host: {
        log: this.#log,
        admit: ({ authorization }) => this.#callers.admit(authorization, this.#served.model),
        run: (operation) => this.#run(operation),
        tell: (error, { language }) => this.#served.graphql.tell(error, language),
      },
    })
  }

  /** By the model of now, also on a connection that was opened long ago. */
  async #run({ caller, params, signal }: SocketOperation): Promise<ExecutionResult> {
    const served = this.#served
    const { language } = caller
    try {
      return await served.graphql.run({ params, signal, language }, await this.#callers.callerOf(caller, served))
    } catch (error) {
      if (error instanceof Unauthenticated) throw error
      return { errors: [served.graphql.tell(error, language)] }
    }
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
}

function publishes({ roles }: Pick<Model, 'roles'>): boolean {
  return roles.some(({ publishesScripts }) => publishesScripts === true)
}
