import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '#base'
import { type Change, expectCatalog, followModel, type LiveCatalog } from '#migrations'
import { runSeed, type SeedData, secretKeysOf } from '#server'
import { migrationOf, waiting } from '../../database/run-migrate.ts'
import { fillReports } from '../../database/run-refresh.ts'
import { withClient } from '../../database/with-client.ts'
import { refusalWhileServing } from '../may-recreate.ts'
import type { Development } from '../run-dev.ts'
import { changeLines, destructive } from '../update-database.ts'

/** Under Postgres's `deadlock_timeout`, so that it is never a request that gives way. */
const tableLockTimeoutMs = 400

/** Half of what {@link followDatabase} has to do, for which the database need not be touched: while something else is made. */
export function prepareDatabase({ app, catalog, database }: Development): Promise<LiveCatalog | null> {
  return expectCatalog(migrationOf(app, catalog, database)).catch(() => null)
}

/**
 * Brings the database to another model while requests are answered: all of it in one transaction, or nothing.
 *
 * @param expected what {@link prepareDatabase} found
 * @throws OperatorError RECREATE_NEEDED when rows could be lost, MIGRATION_BUSY when requests do not let go of a table, and what `followModel` throws
 */
export async function followDatabase(development: Development, expected: Promise<LiveCatalog | null>): Promise<void> {
  const { app, catalog, database, session } = development
  const onChanges = (changes: readonly Change[]): void => {
    // What is done to a database of somebody's own is always said.
    if (database.kind === 'external') for (const line of changeLines(changes)) session.terminal.say(line)
  }
  const migration = migrationOf(app, catalog, database)
  const options = { ...migration, ...waiting(session), tableLockTimeoutMs, onChanges, expected }
  const { applied, changes, followed } = await patiently(() => followModel(options))
  for (const name of applied) session.terminal.say(`Applied ${name}.`)
  if (!followed) throw refusalWhileServing({ reasons: destructive(changes), cause: null }, database.recreate !== null)
  if (changes.length > 0) await fillReports(app, database, session)
}

/**
 * Writes rows of a seed while requests are answered.
 *
 * @throws OperatorError SEED_INVALID when they do not fit, MIGRATION_BUSY when requests do not let go of a table
 */
export async function writeSeed({ app, settings, database }: Development, data: SeedData): Promise<void> {
  const secretKeys = await secretKeysOf(app.model, settings)
  await patiently(() =>
    withClient(database.migrateUrl, async (client) => {
      await client.query(`select set_config('lock_timeout', $1, false)`, [`${tableLockTimeoutMs}ms`])
      await runSeed(app.model, data, { client, owner: database.names.owner, again: true, secretKeys })
    }),
  )
}

const mostTries = 20
const pauseMs = 150

/** Requests go first: what cannot have its tables at once tries again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isInTheWay(error)) throw error
      if (tries === mostTries) throw busy(error)
      await sleep(pauseMs)
    }
  }
}

/** lock_not_available, deadlock_detected */
function isInTheWay(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return code === '55P03' || code === '40P01'
}

function busy(cause: unknown): OperatorError {
  return new OperatorError(
    'MIGRATION_BUSY',
    'Something has been using the tables all the time, so they could not be changed.',
    'End what runs long on this database, such as an open transaction in a console, and save the file again.',
    { cause },
  )
}
