import { Bug } from '#base'
import { buildCatalog, platformRoles, readPlace } from '#migrations'
import type { LoadedModel } from '#policies'
import { type HttpServer, readSettings, type Settings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { hasWork, JobService } from '../jobs/job-service.ts'
import type { Session } from '../session.ts'
import { StopSignals } from '../stop-signals.ts'
import { checkPort } from './check-port.ts'
import { checkRoles } from './check-roles.ts'
import { jsonLog, logLine, logWarnings } from './json-log.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'
import { type ServerPlan, startServer } from './start-server.ts'
import { startSweeper } from './start-sweeper.ts'
import { verify } from './verify.ts'

/** `rowhouse start <folder>`: serves a database that was migrated before, until somebody stops it. */
export async function runStart(
  folder: string,
  session: Session,
  { workers = true }: { readonly workers?: boolean } = {},
): Promise<void> {
  const stops = new StopSignals()
  try {
    const app = await loadApp(folder, session)
    logWarnings(app.warnings, session.terminal)
    const settings = await readSettings({ folder: app.folder, purpose: 'start', environment: session.environment })
    checkRoles(app.model, settings)
    await checkPort(settings.host, settings.port)
    stops.check()
    const plan = await planOf(app, settings)
    const server = await startServer({ ...plan, log: jsonLog(session.terminal), say: saying('console', session) })
    const jobs =
      workers && hasWork(app)
        ? await JobService.open({ plan, say: saying('jobs', session) }).catch(endOf(server))
        : null
    const sweeper = startSweeper(plan, saying('sweep', session))
    session.terminal.print(logLine('ready', { app: app.model.app, url: server.url }))
    // Requests may still add jobs.
    const close = async () => {
      try {
        await sweeper.close()
        await server.close()
      } finally {
        await jobs?.close()
      }
    }
    const onStop = () => session.terminal.print(logLine('stopping', {}))
    await serveUntilStopped({ server: { close }, stops, session, onStop })
    session.terminal.print(logLine('stopped', {}))
  } finally {
    stops.close()
  }
}

/** Only tokens of the issuer are believed; those of a development key, for which there is nobody here, never. */
async function planOf(app: LoadedModel, settings: Settings): Promise<Omit<ServerPlan, 'log' | 'say'>> {
  const { auth, database } = settings
  if (auth === null || database.kind !== 'external' || database.url === null)
    throw new Bug('Settings of `start` lack something.')
  const { folder, model } = app
  const names = platformRoles(model.app, readPlace(database.url).user)
  await verify(database.url, { appFolder: folder, model, catalog: buildCatalog(model), names })
  return {
    model,
    folder,
    settings,
    names,
    databaseUrl: database.url,
    provisionUrl: database.provisionUrl,
    workshop: null,
    tokens: { kind: 'jwks', url: new URL(auth.jwksUrl), issuer: auth.issuer, audience: auth.audience },
  }
}

function saying(event: string, session: Session): (line: string) => void {
  return (line) => session.terminal.print(logLine(event, { line }))
}

/** A start that fails leaves nothing running. */
function endOf(server: Pick<HttpServer, 'close'>): (error: unknown) => Promise<never> {
  return async (error) => {
    await server.close()
    throw error
  }
}
