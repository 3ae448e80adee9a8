import type { HttpServer, HttpServerOptions } from './start-http-server.ts'

/** Loads what serving needs. PostGraphile takes most of a second, so what serves nothing goes without, and `dev` loads it while Postgres starts. */
export async function loadHttpServer(): Promise<void> {
  await import('./start-http-server.ts')
}

/**
 * Serves a model over HTTP: `/graphql`, `/healthz`, `/readyz` and, for development, GraphiQL at `/`.
 *
 * @throws OperatorError PORT_IN_USE
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { startHttpServer: start } = await import('./start-http-server.ts')
  return start(options)
}
