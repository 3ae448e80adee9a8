import { Bug, OperatorError } from '#base'
import { buildCatalog, platformRoles, readPlace } from '#migrations'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { logLine, logWarnings } from '../serve/json-log.ts'
import { serveUntilStopped } from '../serve/serve-until-stopped.ts'
import { startSweeper } from '../serve/start-sweeper.ts'
import { verify } from '../serve/verify.ts'
import type { Session } from '../session.ts'
import { StopSignals } from '../stop-signals.ts'
import { hasWork, JobService } from './job-service.ts'

/** `rowhouse work <folder>`: runs the jobs of an app, on a database that was migrated before, until somebody stops it. */
export async function runWork(folder: string, session: Session): Promise<void> {
  const stops = new StopSignals()
  try {
    const app = await loadApp(folder, session)
    logWarnings(app.warnings, session.terminal)
    const settings = await readSettings({ folder: app.folder, purpose: 'start', environment: session.environment })
    const { database } = settings
    if (database.kind !== 'external' || database.url === null) throw new Bug('Settings of `start` lack something.')
    if (!hasWork(app)) throw nothingToDo()
    const { model } = app
    const names = platformRoles(model.app, readPlace(database.url).user)
    await verify(database.url, { appFolder: app.folder, model, catalog: buildCatalog(model), names })
    stops.check()
    const say = (line: string) => session.terminal.print(logLine('jobs', { line }))
    const plan = { model, folder: app.folder, settings, names, databaseUrl: database.url }
    const service = await JobService.open({ plan, say })
    const sweeper = startSweeper(plan, say)
    const close = () => sweeper.close().then(() => service.close())
    session.terminal.print(logLine('working', { app: model.app, tasks: service.names }))
    const onStop = () => session.terminal.print(logLine('stopping', {}))
    await serveUntilStopped({ server: { close }, stops, session, onStop })
    session.terminal.print(logLine('stopped', {}))
  } finally {
    stops.close()
  }
}

function nothingToDo(): OperatorError {
  return new OperatorError(
    'CONFIG_INVALID',
    'The app has no workers and no subscribers.',
    'Write one: export default worker({}, async ({ db }) => { … }) in "workers/<name>.ts".',
  )
}
