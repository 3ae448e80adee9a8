import type { DevKeys, HttpServer } from '#server'
import { startServer } from '../serve/start-server.ts'
import { devLog } from './dev-log.ts'
import type { Development } from './run-dev.ts'
import { workshopState } from './workshop-state.ts'

/** Serves an app under development. Tokens of the development key are believed, and no others: not those of an issuer that is set up. */
export async function serveDevelopment(development: Development, keys: DevKeys): Promise<HttpServer> {
  const { app, settings, database, login, session } = development
  return startServer({
    model: app.model,
    settings,
    names: database.names,
    databaseUrl: login.url,
    provisionUrl: database.provisionUrl,
    tokens: { kind: 'dev', app: app.model.app, keys },
    workshop: await workshopState(development, keys, []),
    log: devLog(session.terminal),
    say: session.terminal.say,
  })
}
