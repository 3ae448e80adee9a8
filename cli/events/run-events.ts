import { type ReplayOptions, replayEvents, type SweepOptions, sweepEvents } from '#migrations'
import { readSettings, type Settings } from '#server'
import { loadApp } from '../app/load-app.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { requireTables } from '../database/require-tables.ts'
import { withClient } from '../database/with-client.ts'
import type { Session } from '../session.ts'

/**
 * `rowhouse events replay <folder>`: adds the jobs.
 *
 * @throws OperatorError DATABASE_UNMIGRATED, EVENT_REPLAY_UNKNOWN
 */
export async function runReplay(
  folder: string,
  what: Omit<ReplayOptions, 'model' | 'names'>,
  session: Session,
): Promise<void> {
  const app = await loadApp(folder, session)
  await withDatabase(app, session, async ({ migrateUrl, names }, { keep }) => {
    const options = { ...what, model: app.model, names }
    const count = await withClient(migrateUrl, (client) => replayEvents(client, options))
    session.terminal.print(`Added ${count} ${count === 1 ? 'job' : 'jobs'}.`)
    if (keep.eventsDays !== null) tellGone(keep.eventsDays, what, session)
  })
}

/** Who asks for what is kept no longer is told so. */
function tellGone(days: number, { since }: Pick<ReplayOptions, 'since'>, { terminal }: Session): void {
  const oldest = new Date(Date.now() - days * dayMs)
  if (since !== null && since >= oldest) return
  terminal.print(`Events are kept for ${days} days (events.keepDays): those before ${oldest.toISOString()} are gone.`)
}

const dayMs = 86_400_000

/**
 * `rowhouse events sweep <folder>`: deletes old events.
 *
 * @throws OperatorError DATABASE_UNMIGRATED, EVENT_REPLAY_UNKNOWN
 */
export async function runSweep(folder: string, what: Omit<SweepOptions, 'names'>, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  await withDatabase(app, session, async ({ migrateUrl, names }) => {
    const count = await withClient(migrateUrl, (client) => sweepEvents(client, { ...what, names }))
    session.terminal.print(`Deleted ${count} ${count === 1 ? 'event' : 'events'}.`)
  })
}

async function withDatabase(
  { folder, model }: Awaited<ReturnType<typeof loadApp>>,
  session: Session,
  task: (database: Database, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = await readSettings({ folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(model.app, settings, true)
  try {
    await requireTables(database, 'replay')
    await task(database, settings)
  } finally {
    await database.close()
  }
}
