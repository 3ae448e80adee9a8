import type { DevKeys, HttpServer } from '#server'
import { personToken } from '../people/person-token.ts'
import { startServer } from '../serve/start-server.ts'
import { devLog } from './dev-log.ts'
import type { Development } from './run-dev.ts'

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
    graphiqlToken: await firstToken(development, keys),
    log: devLog(session.terminal),
    say: session.terminal.say,
  })
}

/** Starter queries answer at once as the first of the people; on this machine only, where the tokens are printed as well. */
async function firstToken({ app, settings }: Development, keys: DevKeys): Promise<string | null> {
  const [person] = Object.values(settings.people)
  if (person === undefined || !['localhost', '127.0.0.1', '::1'].includes(settings.host)) return null
  return personToken(keys, app.model.app, person)
}
