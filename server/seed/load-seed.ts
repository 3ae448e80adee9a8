import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OperatorError } from '#base'
import type { Seed, SeedData } from './define-seed.ts'

/** Name of the optional file in an app folder. */
const seedFile = 'seed.ts'

/**
 * The rows that an app's `seed.ts` makes, or null when there is no such file.
 *
 * @param folder absolute path of the app
 * @throws OperatorError SEED_INVALID when the file cannot be run, exports no seed, or makes something else
 */
export async function loadSeed(folder: string): Promise<SeedData | null> {
  const file = join(folder, seedFile)
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return null
  const ran = await run(file)
  if (isSeedData(ran?.made)) return ran.made
  throw new OperatorError(
    'SEED_INVALID',
    ran === null
      ? `"${seedFile}" exports no "seed".`
      : `What the seed of "${seedFile}" makes is not of the form of a seed.`,
    'Say `export const seed = defineSeed(() => ({ tenants: [{ id, slug, name, rows: { Customer: [{ id, … }] } }] }))`, without promises.',
  )
}

/** What `make` gives; null where there is none. */
async function run(file: string): Promise<{ readonly made: unknown } | null> {
  try {
    const { seed }: { readonly seed?: Seed } = await import(pathToFileURL(file).href)
    return typeof seed?.make === 'function' ? { made: seed.make() } : null
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError('SEED_INVALID', `"${seedFile}" cannot be run: ${reason}`, 'Mend the file and try again.', {
      cause,
    })
  }
}

/** Nothing has checked the types of the file. */
function isSeedData(made: unknown): made is SeedData {
  if (!isObject(made)) return false
  const { shared = {}, tenants } = made
  return isRows(shared) && Array.isArray(tenants) && tenants.every((tenant) => isObject(tenant) && isRows(tenant.rows))
}

function isRows(rows: unknown): boolean {
  return isObject(rows) && Object.values(rows).every((list) => Array.isArray(list) && list.every(isObject))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
