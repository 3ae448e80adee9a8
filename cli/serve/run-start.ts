import { Bug } from '#base'
import { buildCatalog, platformRoles, readPlace } from '#migrations'
import type { LoadedModel } from '#policies'
import { type HttpServer, readSettings, type Settings } from '#server'
import { loadApp } from '../app/load-app.ts'
import type { Session } from '../session.ts'
import { StopSignals } from '../stop-signals.ts'
import { checkPort } from './check-port.ts'
import { checkRoles } from './check-roles.ts'
import { jsonLog, logLine, logWarnings } from './json-log.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'
import { startServer } from './start-server.ts'
import { verify } from './verify.ts'

/** `rowhouse start <folder>`: serves a database that was migrated before, until somebody stops it. */
export async function runStart(folder: string, session: Session): Promise<void> {
  const stops = new StopSignals()
  try {
    const app = await loadApp(folder, session)
    logWarnings(app.warnings, session.terminal)
    const settings = await readSettings({ folder: app.folder, purpose: 'start', environment: session.environment })
    checkRoles(app.model, settings)
    await checkPort(settings.host, settings.port)
    stops.check()
    const server = await serveProduction(app, settings, session)
    session.terminal.print(logLine('ready', { app: app.model.app, url: server.url }))
    const onStop = () => session.terminal.print(logLine('stopping', {}))
    await serveUntilStopped({ server, stops, session, onStop })
    session.terminal.print(logLine('stopped', {}))
  } finally {
    stops.close()
  }
}

/** Only tokens of the issuer are believed; those of a development key, for which there is nobody here, never. */
async function serveProduction(app: LoadedModel, settings: Settings, session: Session): Promise<HttpServer> {
  const { auth, database } = settings
  if (auth === null || database.kind !== 'external' || database.url === null)
    throw new Bug('Settings of `start` lack something.')
  const { folder, model } = app
  const names = platformRoles(model.app, readPlace(database.url).user)
  await verify(database.url, { appFolder: folder, model, catalog: buildCatalog(model), names })
  return startServer({
    model,
    folder,
    settings,
    names,
    databaseUrl: database.url,
    provisionUrl: database.provisionUrl,
    workshop: null,
    tokens: { kind: 'jwks', url: new URL(auth.jwksUrl), issuer: auth.issuer, audience: auth.audience },
    log: jsonLog(session.terminal),
    say: (line) => session.terminal.print(logLine('console', { line })),
  })
}
