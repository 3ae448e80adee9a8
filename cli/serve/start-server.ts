import { openProvisioner, type PlatformRoles, roleSetName } from '#migrations'
import type { Model } from '#schema'
import {
  type HttpServer,
  type HttpServerOptions,
  type Log,
  loadTrustedDocuments,
  type Settings,
  secretKeysOf,
  startHttpServer,
  type TokenSource,
  type WorkshopState,
} from '#server'
import { listenError } from './check-port.ts'
import { letNurseryGrow } from './nursery.ts'
import { oneLineConsole } from './one-line-console.ts'

/** What to serve, where, and for whom. */
export interface ServerPlan {
  readonly model: Model
  /** Of the app, whose code requests run. */
  readonly folder: string
  readonly settings: Settings
  readonly names: PlatformRoles
  /** Of the server's login. */
  readonly databaseUrl: string
  /** Of the login that makes role sets not met before; null: nobody does. */
  readonly provisionUrl: string | null
  readonly tokens: TokenSource
  /** What GraphiQL shows beside itself under development; null: nothing, and its reader pastes a token. */
  readonly workshop: WorkshopState | null
  readonly log: Log
  /** Where to listen, behind a front, instead of what the settings say. */
  readonly pipe?: string
  /** Takes what libraries print by themselves, line by line. */
  readonly say: (line: string) => void
}

/**
 * Listens, once everything that it answers with is there. The database must have been verified.
 *
 * @throws OperatorError PROVISIONER_REFUSED, PORT_IN_USE
 */
export async function startServer(plan: ServerPlan): Promise<HttpServer> {
  const { model, settings } = plan
  let provision = await provisionerOf(plan, model)
  let isClosing = false
  const server = await listening(settings, {
    model,
    appFolder: plan.folder,
    databaseUrl: plan.databaseUrl,
    tokens: plan.tokens,
    host: settings.host,
    port: settings.port,
    ...(plan.pipe === undefined ? {} : { pipe: plan.pipe }),
    secretKeys: await secretKeysOf(model, settings),
    poolSize: settings.poolSize,
    databasePooling: settings.databasePooling,
    trustedProxies: settings.trustedProxies,
    messages: settings.messages,
    limits: settings.limits,
    cors: settings.cors,
    scriptSettings: settings.scripts,
    introspection: settings.introspection,
    documents: settings.documents === null ? null : await loadTrustedDocuments(settings.documents),
    graphiql: settings.graphiql ? { allowedHosts: [settings.host], workshop: plan.workshop } : null,
    roleSetName,
    ...(provision === null ? {} : { provisionRoleSet: async (roles: readonly string[]) => provision?.(roles) }),
    // Connections that end with the server are no news.
    log: (event) => (isClosing && event.kind === 'connection-lost' ? undefined : plan.log(event)),
  })
  letNurseryGrow()
  const restoreConsole = oneLineConsole(plan.say)
  const close = (): Promise<void> => {
    isClosing = true
    return server.close().finally(restoreConsole)
  }
  // Roles may be new.
  const replace: HttpServer['replace'] = (next, follow) =>
    server.replace(next, async () => {
      await follow()
      provision = await provisionerOf(plan, next)
    })
  return { ...server, replace, close }
}

async function listening({ host, port }: Settings, options: HttpServerOptions): Promise<HttpServer> {
  return startHttpServer(options).catch((error: unknown) => {
    throw error instanceof Error ? listenError(error, host, port) : error
  })
}

async function provisionerOf({ names, provisionUrl }: ServerPlan, model: Model) {
  if (provisionUrl === null) return null
  const roles = model.roles.map((role) => role.name)
  const provisioner = await openProvisioner({ url: provisionUrl, names, roles })
  return async (set: readonly string[]): Promise<void> => {
    await provisioner.ensure(set)
  }
}
