import { sql } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { adoptedOf } from '../render/render-adoption.ts'
import { leaveAlone } from './adopted-tables.ts'
import { readAdoptedExtras } from './extras/adopted-extras.ts'
import { type LiveCatalog, ownSchemas } from './live-catalog.ts'
import { readExtras } from './read-extras.ts'
import { readFunctions } from './read-functions.ts'
import { readRoles } from './read-roles.ts'
import { type Queryable, readRows } from './read-rows.ts'
import { readTables } from './read-tables.ts'
import { readViews } from './read-views.ts'
import type { RoleWords } from './role-words.ts'
import { scopeWith } from './table-scope.ts'

/**
 * The catalog of a live database, platform objects included, with names of roles turned back into placeholders.
 * Any role may call it: it reads `pg_catalog` alone, in one read-only snapshot.
 *
 * @param client not in a transaction
 * @param wanted the generated catalog, whose adopted tables are read too: what it says of them, and nothing else
 */
export async function readCatalog(
  client: Queryable,
  words: RoleWords,
  wanted: Pick<Catalog, 'tables' | 'views'> = { tables: [] },
): Promise<LiveCatalog> {
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    return await readCatalogHere(client, words, wanted)
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}

/** The same inside a transaction of the caller's, so that it sees what the transaction did. Sets `search_path` for its rest. */
export async function readCatalogHere(
  client: Queryable,
  words: RoleWords,
  wanted: Pick<Catalog, 'tables' | 'views'> = { tables: [] },
): Promise<LiveCatalog> {
  // With an empty path Postgres qualifies every name that it prints.
  await readRows(client, sql`select set_config('search_path', '', true)`)
  const adopted = adoptedOf(wanted.tables)
  const views = await readViews(client, wanted.views ?? [], words)
  const scope = await scopeWith(client, ownSchemas, adopted)
  return {
    version: 1,
    app: words.names.prefix,
    roles: await readRoles(client, words),
    tables: leaveAlone(await readTables(client, scope, words), adopted),
    functions: await readFunctions(client, ownSchemas, words),
    ...(views.length === 0 ? {} : { views }),
    extras: [
      ...(await readExtras(client, ownSchemas, { words, views })),
      ...(await readAdoptedExtras(client, adopted, words)),
    ],
  }
}
