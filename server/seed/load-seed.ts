import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OperatorError } from '#base'
import type { Seed, SeedData } from './define-seed.ts'

/** Name of the optional file in an app folder. */
export const seedFile = 'seed.ts'

/**
 * The rows that an app's `seed.ts` makes, or null when there is no such file.
 *
 * @param folder absolute path of the app
 * @throws OperatorError SEED_INVALID when the file cannot be run or exports no seed
 */
export async function loadSeed(folder: string): Promise<SeedData | null> {
  const file = join(folder, seedFile)
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return null
  try {
    const { seed }: { readonly seed?: Seed } = await import(pathToFileURL(file).href)
    if (typeof seed?.make === 'function') return seed.make()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError('SEED_INVALID', `"${seedFile}" cannot be run: ${reason}`, 'Mend the file and try again.', {
      cause,
    })
  }
  throw new OperatorError(
    'SEED_INVALID',
    `"${seedFile}" exports no "seed".`,
    'Say `export const seed = defineSeed(() => ({ … }))`.',
  )
}
