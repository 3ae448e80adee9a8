import type { LoadedModel } from '#policies'
import { loadSeed, runSeed, type SeedOutcome } from '#server'
import type { Database } from './database.ts'
import { withClient } from './with-client.ts'

/**
 * Writes the rows of the app's `seed.ts`; null when it has none.
 *
 * @param again also when it was done before
 * @throws OperatorError SEED_INVALID when the rows do not fit
 */
export async function seedDatabase(app: LoadedModel, database: Database, again: boolean): Promise<SeedOutcome | null> {
  const data = await loadSeed(app.folder)
  if (data === null) return null
  return withClient(database.migrateUrl, (client) =>
    runSeed(app.model, data, { client, owner: database.names.owner, again }),
  )
}
