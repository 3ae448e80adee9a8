/** Rows to begin with, in plain data. */
export interface SeedData {
  /** Rows of entities with `tenant: false`, by entity. */
  readonly shared?: SeedRows
  /** At least one; they also mark a database as seeded. */
  readonly tenants: readonly SeedTenant[]
}

/** A tenant and its rows. */
export interface SeedTenant {
  /** A uuid. */
  readonly id: string
  /** Short name in small letters, unique. */
  readonly slug: string
  /** Name for people. */
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

/** A seed whose rows are made while they are written: what an author's function gives back. Each list is read once, from front to back. */
export interface SeedStream {
  /** Rows of entities with `tenant: false`, by entity. */
  readonly shared?: SeedRowStreams
  /** At least one; they also mark a database as seeded. */
  readonly tenants: Iterable<SeedTenantStream>
}

/** A tenant and its rows, as they are made. */
export interface SeedTenantStream {
  /** A uuid. */
  readonly id: string
  /** Short name in small letters, unique. */
  readonly slug: string
  /** Name for people. */
  readonly name: string
  /** Rows of entities that belong to a tenant, by entity. */
  readonly rows: SeedRowStreams
}

/** Lists or generators of rows, by name of their entity. */
export type SeedRowStreams = Readonly<Record<string, Iterable<SeedRow>>>

/** What a seed is told. */
export interface SeedSize {
  /** How often what grows with an app should be there: 1 for development, more with `rowhouse seed --scale N`. */
  readonly scale: number
}

/** What `seed.ts` exports as `seed`. */
export interface Seed {
  /** Makes the rows; the same ones each time. */
  readonly make: (size: SeedSize) => SeedStream
}

/**
 * Gives back a seed, for `export const seed = defineSeed(() => ({ … }))` in an app's `seed.ts`. Rows may be generators: then no more than a few
 * thousand of them are in memory at once.
 *
 * @param make called when the database is to be seeded; uses neither clock nor chance, so that every machine gets the same rows. A function without
 *   a parameter makes one size of app; `--scale N` then makes N tenants alike of its only one.
 * @example
 * defineSeed(({ scale }) => ({ tenants: [{ id, slug: 'acme', name: 'Acme', rows: { Order: orders(1000 * scale) } }] }))
 */
export function defineSeed(make: (size: SeedSize) => SeedStream): Seed {
  return { make }
}
