import type { LoadedModel } from '#policies'
import { openSeed, runSeed, type SeedOptions, type SeedOutcome, type Settings, secretKeysOf } from '#server'
import type { Database } from './database.ts'
import { withClient } from './with-client.ts'

/** Whose rows are made. */
export interface Seeded extends Pick<LoadedModel, 'folder' | 'model'> {
  readonly settings: Settings
}

/** How to seed. */
export interface SeedingOptions extends Partial<Pick<SeedOptions, 'again' | 'onlyEmpty' | 'onProgress'>> {
  /** How much to make. Default: 1. */
  readonly scale?: number
}

/**
 * Writes the rows of the app's `seed.ts`; null when it has none.
 *
 * @throws OperatorError SEED_INVALID when the rows do not fit
 */
export async function seedDatabase(
  { folder, model, settings }: Seeded,
  database: Database,
  { scale = 1, ...how }: SeedingOptions,
): Promise<SeedOutcome | null> {
  const seed = await openSeed(folder, model, scale)
  if (seed === null) return null
  const secretKeys = await secretKeysOf(model, settings)
  return withClient(database.migrateUrl, (client) =>
    runSeed(model, seed, { client, owner: database.names.owner, again: false, secretKeys, ...how }),
  )
}
