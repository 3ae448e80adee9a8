import { OperatorError } from '#base'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import type { Session } from '../session.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { seedDatabase } from './seed-database.ts'
import { withClient } from './with-client.ts'

/**
 * `rowhouse seed <folder>`.
 *
 * @throws OperatorError DATABASE_UNMIGRATED when there are no tables yet
 */
export async function runSeedCommand(folder: string, again: boolean, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const settings = await readSettings({ folder: app.folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(app.model.app, settings, true)
  try {
    await requireTables(database)
    const outcome = await seedDatabase(app, database, { again })
    const { terminal } = session
    if (outcome === null) terminal.print('The app has no "seed.ts".')
    else if (outcome.kind === 'seeded') terminal.print(`Seeded ${outcome.rows} rows.`)
    else terminal.print('Seeded before: nothing was done. `--again` puts the rows back to what the seed says.')
  } finally {
    await database.close()
  }
}

async function requireTables(database: Database): Promise<void> {
  const isMigrated = await withClient(database.migrateUrl, async (client) => {
    const { rows } = await client.query(`select to_regclass('rowhouse.catalog') is not null as is_migrated`)
    return rows[0].is_migrated === true
  })
  if (isMigrated) return
  throw new OperatorError(
    'DATABASE_UNMIGRATED',
    'The database has not been migrated, so there is nothing to seed.',
    'Run `rowhouse migrate` first; `rowhouse dev` does both.',
  )
}
