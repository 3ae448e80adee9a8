import { sql } from '#base'
import { type LiveCatalog, ownSchemas } from './live-catalog.ts'
import { readExtras } from './read-extras.ts'
import { readFunctions } from './read-functions.ts'
import { readRoles } from './read-roles.ts'
import { type Queryable, readRows } from './read-rows.ts'
import { readTables } from './read-tables.ts'
import type { RoleWords } from './role-words.ts'

/**
 * The catalog of a live database, platform objects included, with names of roles turned back into placeholders.
 * Any role may call it: it reads `pg_catalog` alone, in one read-only snapshot.
 *
 * @param client not in a transaction
 */
export async function readCatalog(client: Queryable, words: RoleWords): Promise<LiveCatalog> {
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    return await readCatalogHere(client, words)
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}

/** The same inside a transaction of the caller's, so that it sees what the transaction did. Sets `search_path` for its rest. */
export async function readCatalogHere(client: Queryable, words: RoleWords): Promise<LiveCatalog> {
  // With an empty path Postgres qualifies every name that it prints.
  await readRows(client, sql`select set_config('search_path', '', true)`)
  return {
    version: 1,
    app: words.names.prefix,
    roles: await readRoles(client, words),
    tables: await readTables(client, ownSchemas, words),
    functions: await readFunctions(client, ownSchemas, words),
    extras: await readExtras(client, ownSchemas, words),
  }
}
