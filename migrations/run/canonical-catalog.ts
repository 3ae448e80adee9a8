import { sql, toText } from '#base'
import type { Catalog, View } from '../catalog/catalog.ts'
import type { LiveCatalog } from '../read/live-catalog.ts'
import type { Queryable } from '../read/read-rows.ts'
import { readScratch } from '../read/read-scratch.ts'
import type { RoleWords } from '../read/role-words.ts'
import { makeReports } from '../reports/make-reports.ts'
import { replacePlaceholders } from '../roles/platform-roles.ts'
import { readSystemFiles } from '../system/read-system-files.ts'
import { ensureCatalogTable } from './catalog-record.ts'
import { shellsOf } from './shells.ts'

/**
 * A generated catalog in the words of a live Postgres, platform objects included: what `readCatalog` should find there.
 * Makes all of it once more in a transaction that is rolled back; see {@link readScratch}.
 *
 * @param client the migrator's, not in a transaction; the roles must exist
 */
export async function canonicalCatalog(client: Queryable, catalog: Catalog, words: RoleWords): Promise<LiveCatalog> {
  const shells = shellsOf(catalog)
  const make = async () => {
    for (const file of readSystemFiles()) await apply(client, replacePlaceholders(file.text, words.names))
    await ensureCatalogTable(client, words)
    await apply(client, replacePlaceholders(shells.text, words.names))
    await makeReports(client, catalog, words)
  }
  const found = shells.restore(await readScratch(client, words, make, shells.catalog))
  const entities = new Map(catalog.tables.map((table) => [`${table.schema}.${table.name}`, table.entity]))
  return {
    ...found,
    // Roles are shared by the cluster, so they alone were not made anew: what they should be is known without.
    roles: [...catalog.roles].sort((a, b) => (a.name < b.name ? -1 : 1)),
    tables: found.tables.map((table) => ({ ...table, entity: entities.get(`${table.schema}.${table.name}`) ?? '' })),
    ...(found.views === undefined ? {} : { views: named(found.views, catalog.views ?? []) }),
    extras: found.extras.filter((extra) => extra.kind !== 'role'),
  }
}

function named(found: readonly View[], wanted: readonly View[]): readonly View[] {
  return found.map((view) => {
    const said = wanted.find(({ schema, name }) => schema === view.schema && name === view.name)
    return { ...view, entity: said?.entity ?? '' }
  })
}

async function apply(client: Queryable, text: string): Promise<void> {
  await client.query(text)
  await client.query(toText(sql`reset role`))
}
