import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { Stopped, StopSignals } from '../stop-signals.ts'
import { openDatabase } from './open-database.ts'
import { requireTables } from './require-tables.ts'
import { fillReports } from './run-refresh.ts'
import { seedDatabase } from './seed-database.ts'

/** Between two lines about how far it is. */
const progressMs = 2000

/** What the command line says. */
interface HowToSeed {
  readonly again: boolean
  readonly scale: number
}

/**
 * `rowhouse seed <folder>`.
 *
 * @throws OperatorError DATABASE_UNMIGRATED when there are no tables yet
 */
export async function runSeedCommand(folder: string, how: HowToSeed, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const settings = await readSettings({ folder: app.folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(app.model.app, settings, true)
  const stops = new StopSignals()
  stops.hurry.addEventListener('abort', () => process.exit(exitCodes.interrupted))
  const { terminal } = session
  try {
    await requireTables(database, 'seed')
    const tell = progressOn(session)
    const onProgress = (rows: number): void => {
      stops.check()
      tell(rows)
    }
    const outcome = await seedDatabase({ ...app, settings }, database, { ...how, onProgress })
    if (outcome === null) terminal.print('The app has no "seed.ts".')
    else if (outcome.kind === 'seeded') terminal.print(`Seeded ${outcome.rows} rows.`)
    else terminal.print('Seeded before: nothing was done. `--again` puts the rows back to what the seed says.')
    await fillReports(app, database, session)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    terminal.say('Stopped: nothing was written.')
    session.exitCode = exitCodes.interrupted
  } finally {
    await database.close()
    stops.close()
  }
}

/** Says every few seconds how far it is; a short run says nothing. */
function progressOn({ terminal }: Session): (rows: number) => void {
  const started = performance.now()
  let said = started
  return (rows) => {
    const now = performance.now()
    if (now - said < progressMs) return
    said = now
    terminal.say(`${rows} rows, ${Math.round(rows / ((now - started) / 1000))} rows/s …`)
  }
}
