import type { DevKeys, HttpServer } from '#server'
import { startServer } from '../serve/start-server.ts'
import { devLog } from './dev-log.ts'
import type { Development } from './run-dev.ts'

/** Serves an app under development: tokens of the development key or, where they are set up, those of an issuer. */
export function serveDevelopment(development: Development, keys: DevKeys): Promise<HttpServer> {
  const { app, settings, database, login, session } = development
  return startServer({
    model: app.model,
    settings,
    names: database.names,
    databaseUrl: login.url,
    provisionUrl: database.provisionUrl,
    tokens: { kind: 'dev', app: app.model.app, keys },
    log: devLog(session.terminal),
  })
}
