import { openProvisioner, type PlatformRoles, roleSetName } from '#migrations'
import type { Model } from '#schema'
import {
  type HttpServer,
  type HttpServerOptions,
  type Log,
  type Settings,
  startHttpServer,
  type TokenSource,
} from '#server'
import { listenError } from './check-port.ts'
import { oneLineConsole } from './one-line-console.ts'

/** What to serve, where, and for whom. */
export interface ServerPlan {
  readonly model: Model
  readonly settings: Settings
  readonly names: PlatformRoles
  /** Of the server's login. */
  readonly databaseUrl: string
  /** Of the login that makes role sets not met before; null: nobody does. */
  readonly provisionUrl: string | null
  readonly tokens: TokenSource
  /** For the starter tabs of GraphiQL; null: its reader pastes one. */
  readonly graphiqlToken: string | null
  readonly log: Log
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
  const provision = await provisionerOf(plan)
  let isClosing = false
  const server = await listening(settings, {
    model,
    databaseUrl: plan.databaseUrl,
    tokens: plan.tokens,
    host: settings.host,
    port: settings.port,
    poolSize: settings.poolSize,
    graphiql: settings.graphiql ? { allowedHosts: [settings.host], token: plan.graphiqlToken } : null,
    roleSetName,
    ...(provision === null ? {} : { provisionRoleSet: provision }),
    // Connections that end with the server are no news.
    log: (event) => (isClosing && event.kind === 'connection-lost' ? undefined : plan.log(event)),
  })
  const restoreConsole = oneLineConsole(plan.say)
  const close = (): Promise<void> => {
    isClosing = true
    return server.close().finally(restoreConsole)
  }
  return { ...server, close }
}

async function listening({ host, port }: Settings, options: HttpServerOptions): Promise<HttpServer> {
  return startHttpServer(options).catch((error: unknown) => {
    throw error instanceof Error ? listenError(error, host, port) : error
  })
}

async function provisionerOf({ model, names, provisionUrl }: ServerPlan) {
  if (provisionUrl === null) return null
  const roles = model.roles.map((role) => role.name)
  const provisioner = await openProvisioner({ url: provisionUrl, names, roles })
  return async (set: readonly string[]): Promise<void> => {
    await provisioner.ensure(set)
  }
}
