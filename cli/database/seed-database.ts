import type { LoadedModel } from '#policies'
import { loadSeed, runSeed, type SeedOutcome } from '#server'
import type { Database } from './database.ts'
import { withClient } from './with-client.ts'

/**
 * Writes the rows of the app's `seed.ts`; null when it has none.
 *
 * @param how `again`: also when it was done before; `onlyEmpty`: not where there is any tenant
 * @throws OperatorError SEED_INVALID when the rows do not fit
 */
export async function seedDatabase(
  app: Pick<LoadedModel, 'folder' | 'model'>,
  database: Database,
  how: { readonly again?: boolean; readonly onlyEmpty?: boolean },
): Promise<SeedOutcome | null> {
  const data = await loadSeed(app.folder)
  if (data === null) return null
  return withClient(database.migrateUrl, (client) =>
    runSeed(app.model, data, { client, owner: database.names.owner, again: false, ...how }),
  )
}
