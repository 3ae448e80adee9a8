import { randomBytes } from 'node:crypto'
import { sql, toText } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { type LiveCatalog, ownSchemas } from './live-catalog.ts'
import { readCatalogHere } from './read-catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'

/**
 * What a database would hold if it were made anew by `apply`: moves our schemas aside, applies, reads, and rolls all of
 * it back. Other sessions notice nothing: renaming a schema locks no table, and nothing is ever committed.
 *
 * Postgres prints expressions in its own words, which depend on its version and on the types around; making the
 * database once more on the same server is the one way to say what those words should be.
 *
 * @param client not in a transaction; may act as the owner of our schemas
 * @param apply makes everything, in the transaction that it finds itself in
 */
export async function readScratch(
  client: Queryable,
  words: RoleWords,
  apply: (client: Queryable) => Promise<void>,
  wanted: Pick<Catalog, 'tables' | 'views'> = { tables: [] },
): Promise<LiveCatalog> {
  await client.query('begin')
  try {
    const suffix = `_aside_${randomBytes(6).toString('hex')}`
    await moveSchemasAside(client, suffix)
    await apply(client)
    const found = await readCatalogHere(client, words, wanted)
    // Views of others stay where they are, and may read tables of schemas that moved.
    return JSON.parse(JSON.stringify(found).replaceAll(suffix, ''))
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}

async function moveSchemasAside(client: Queryable, suffix: string): Promise<void> {
  const present = await readRows<{ readonly name: string }>(
    client,
    sql`
    select nspname as name from pg_namespace
    where nspname = any (${sql.value(ownSchemas)})`,
  )
  for (const { name } of present) {
    const aside = sql.identifier(`${name}${suffix}`)
    await client.query(toText(sql`alter schema ${sql.identifier(name)} rename to ${aside}`))
  }
}
