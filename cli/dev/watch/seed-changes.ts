import type { SeedData, SeedRow, SeedRows } from '#server'

/** Texts of the rows of a seed, by where they belong. */
export type SeedIndex = ReadonlyMap<string, string>

/** What is new or different in a seed. */
export interface SeedChanges {
  /** A seed of these rows alone; null when there are none. */
  readonly data: SeedData | null
  readonly rows: number
  /** Rows that the seed no longer has. They stay in the database. */
  readonly gone: number
}

/** Remembers a seed, to compare a later one with. */
export function indexSeed(seed: SeedData | null): SeedIndex {
  const index = new Map<string, string>()
  if (seed === null) return index
  const add = (tenant: string | null, rows: SeedRows): void => {
    for (const [entity, list] of Object.entries(rows))
      for (const row of list) index.set(keyOf(tenant, entity, row), JSON.stringify(row))
  }
  add(null, seed.shared ?? {})
  for (const { id, slug, name, rows } of seed.tenants) {
    index.set(JSON.stringify([id]), JSON.stringify([slug, name]))
    add(id, rows)
  }
  return index
}

/** What of a seed is not as it was. Rows that are the same are left alone: whoever works on the app may have changed them in the database. */
export function changesOfSeed(before: SeedIndex, seed: SeedData): SeedChanges {
  let rows = 0
  const pick = (tenant: string | null, given: SeedRows): SeedRows => {
    const picked = Object.entries(given).map(([entity, list]) => {
      const changed = list.filter((row) => before.get(keyOf(tenant, entity, row)) !== JSON.stringify(row))
      rows += changed.length
      return [entity, changed] as const
    })
    return Object.fromEntries(picked.filter(([, list]) => list.length > 0))
  }
  const shared = pick(null, seed.shared ?? {})
  const tenants = seed.tenants.map((tenant) => ({ ...tenant, rows: pick(tenant.id, tenant.rows) }))
  const now = indexSeed(seed)
  const gone = [...before.keys()].filter((key) => !now.has(key)).length
  const isRenamed = seed.tenants.some(
    ({ id, slug, name }) => before.get(JSON.stringify([id])) !== JSON.stringify([slug, name]),
  )
  return { data: rows > 0 || isRenamed ? { shared, tenants } : null, rows, gone }
}

function keyOf(tenant: string | null, entity: string, { id }: SeedRow): string {
  return JSON.stringify([tenant, entity, id])
}
