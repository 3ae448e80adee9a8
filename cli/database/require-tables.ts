import { OperatorError } from '#base'
import type { Database } from './database.ts'
import { withClient } from './with-client.ts'

/** @throws OperatorError DATABASE_UNMIGRATED when there are no tables yet. @param verb what should be done with them */
export async function requireTables(
  database: Database,
  verb: 'seed' | 'refresh' | 'check' | 'replay' | 'ask',
): Promise<void> {
  const isMigrated = await withClient(database.migrateUrl, async (client) => {
    const { rows } = await client.query(`select to_regclass('rowhouse.catalog') is not null as is_migrated`)
    return rows[0].is_migrated === true
  })
  if (isMigrated) return
  throw new OperatorError(
    'DATABASE_UNMIGRATED',
    `The database has not been migrated, so there is nothing to ${verb}${verb === 'ask' ? ' about' : ''}.`,
    'Run `rowhouse migrate` first; `rowhouse dev` does both.',
  )
}
