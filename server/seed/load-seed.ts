import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Model } from '#schema'
import type { Seed, SeedData, SeedRow, SeedRowStreams, SeedRows, SeedStream } from './define-seed.ts'
import { repeatTenants } from './repeat-tenants.ts'
import { formless, guarded, seedFile, unrunnable } from './seed-file.ts'

/**
 * The rows that an app's `seed.ts` makes, all of them at once, or null when there is no such file.
 *
 * @param folder absolute path of the app
 * @throws OperatorError SEED_INVALID when the file cannot be run, exports no seed, or makes something else
 */
export async function loadSeed(folder: string): Promise<SeedData | null> {
  const seed = await readSeed(folder)
  return seed === null ? null : held(made(seed, 1))
}

/**
 * The seed of an app in the size that was asked for, its rows made while they are read; null when there is no `seed.ts`.
 *
 * @throws OperatorError SEED_INVALID, also while it is read
 */
export async function openSeed(folder: string, model: Model, scale: number): Promise<SeedStream | null> {
  const seed = await readSeed(folder)
  if (seed === null) return null
  // A function without a parameter cannot know.
  return seed.make.length === 0 ? repeatTenants(model, () => made(seed, 1), scale) : made(seed, scale)
}

async function readSeed(folder: string): Promise<Seed | null> {
  const file = join(folder, seedFile)
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return null
  const { seed }: { readonly seed?: Seed } = await import(pathToFileURL(file).href).catch((cause) => {
    throw unrunnable(cause)
  })
  if (typeof seed?.make !== 'function') throw formless(`"${seedFile}" exports no "seed".`)
  return seed
}

/** What the author's function makes, each list guarded: nothing has checked the types of the file. */
function made({ make }: Seed, scale: number): SeedStream {
  let given: unknown
  try {
    given = make({ scale })
  } catch (cause) {
    throw unrunnable(cause)
  }
  if (!isObject(given)) throw formless()
  const { shared = {}, tenants } = given
  if (!isIterable(tenants)) throw formless()
  return { shared: rowsOf(shared), tenants: tenantsOf(tenants) }
}

function* tenantsOf(tenants: Iterable<unknown>): Iterable<SeedStream['tenants'] extends Iterable<infer T> ? T : never> {
  for (const tenant of guarded(tenants)) {
    if (!isObject(tenant)) throw formless()
    const { id, slug, name } = tenant
    if (typeof id !== 'string' || typeof slug !== 'string' || typeof name !== 'string') throw formless()
    yield { id, slug, name, rows: rowsOf(tenant.rows) }
  }
}

function rowsOf(given: unknown): SeedRowStreams {
  if (!isObject(given)) throw formless()
  return Object.fromEntries(
    Object.entries(given).map(([name, list]) => {
      if (!isIterable(list)) throw formless()
      return [name, checked(list)]
    }),
  )
}

function* checked(rows: Iterable<unknown>): Iterable<SeedRow> {
  for (const row of guarded(rows)) {
    if (!isObject(row)) throw formless()
    yield row as SeedRow
  }
}

/** All rows in memory. */
function held({ shared = {}, tenants }: SeedStream): SeedData {
  const lists = (rows: SeedRowStreams): SeedRows =>
    Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, [...list]]))
  return { shared: lists(shared), tenants: [...tenants].map((tenant) => ({ ...tenant, rows: lists(tenant.rows) })) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text is one of its letters, and no list. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
