import { expect } from 'vitest'
import {
  type Catalog,
  canonicalCatalog,
  compareCatalogs,
  type Difference,
  formatDifference,
  type LiveCatalog,
  type Queryable,
  type RoleWords,
  readCatalog,
  roleWords,
} from '#migrations'
import { readCatalogHere } from '../../migrations/read/read-catalog.ts'
import { ensureCatalogTable } from '../../migrations/run/catalog-record.ts'
import type { TestDatabase } from './database.ts'

/** What a database was made from, and how far it is from that. */
export interface CatalogReadBack {
  readonly words: RoleWords
  /** The catalog as Postgres would write it. */
  readonly expected: LiveCatalog
  /** The catalog as it was made. */
  readonly catalog: Catalog
  /** What Postgres held at first. */
  readonly found: LiveCatalog
  /** In words, one line each, what differs by now. */
  differences(): Promise<readonly string[]>
  /** The same inside of a transaction of the client's. */
  differencesHere(client: Queryable): Promise<readonly string[]>
  /** The same, not in words. */
  differencesIn(client: Queryable): Promise<readonly Difference[]>
}

/**
 * Makes a catalog in a prepared, empty database, and expects that what Postgres holds then equals it: built, rendered, applied, read back.
 *
 * @returns how to find out again, after a tampering
 */
export async function expectCatalogReadBack(database: TestDatabase, catalog: Catalog): Promise<CatalogReadBack> {
  await database.applyCatalog(catalog)
  return await expectCatalogHeld(database, catalog)
}

/** The same of a database whose objects are made already. */
export async function expectCatalogHeld(database: TestDatabase, catalog: Catalog): Promise<CatalogReadBack> {
  const { migrator: client, names } = database
  const words = roleWords(names, catalog)
  await client.query('begin')
  await ensureCatalogTable(client, words)
  await client.query('commit')
  const expected = await canonicalCatalog(client, catalog, words)
  const found = await readCatalog(client, words, catalog)
  const told = (live: LiveCatalog) => compareCatalogs(expected, live).map(formatDifference)
  expect(told(found)).toEqual([])
  return {
    words,
    expected,
    catalog,
    found,
    differences: async () => told(await readCatalog(client, words, catalog)),
    differencesHere: async (here) => told(await readCatalogHere(here, words, catalog)),
    differencesIn: async (here) => compareCatalogs(expected, await readCatalogHere(here, words, catalog)),
  }
}
