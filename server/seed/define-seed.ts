/** Rows to begin with, in plain data. */
export interface SeedData {
  /** Rows of entities with `tenant: false`, by entity. */
  readonly shared?: SeedRows
  /** At least one; they also mark a database as seeded. */
  readonly tenants: readonly SeedTenant[]
}

/** A tenant and its rows. */
export interface SeedTenant {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** Rows of entities that belong to a tenant, by entity. */
  readonly rows: SeedRows
}

/** Rows by name of their entity. */
export type SeedRows = Readonly<Record<string, readonly SeedRow[]>>

/**
 * Values by name of field; a to-one relation is the id of its target, a link (`link: true`) the list of ids that it leads to, and
 * `oneOf` the one target by its entity: `{ Invoice: id }`. `id` is required. `status`, `createdAt`, `updatedAt` and
 * `deletedAt` may be given. Amounts, days and instants are strings, binary data is base64.
 */
export type SeedRow = Readonly<Record<string, SeedValue>>

/** A value of a row. */
export type SeedValue = string | number | boolean | null | readonly SeedValue[] | { readonly [key: string]: SeedValue }

/** What `seed.ts` exports as `seed`. */
export interface Seed {
  /** Makes the rows; the same ones each time. */
  readonly make: () => SeedData
}

/**
 * Gives back a seed, for `export const seed = defineSeed(() => ({ … }))` in an app's `seed.ts`.
 *
 * @param make called when the database is to be seeded; uses neither clock nor chance, so that every machine gets the same rows
 */
export function defineSeed(make: () => SeedData): Seed {
  return { make }
}
