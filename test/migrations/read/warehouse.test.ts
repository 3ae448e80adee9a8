import { expect, test } from 'vitest'
import { buildCatalog, canonicalCatalog, compareCatalogs, formatDifference, readCatalog, roleWords } from '#migrations'
import { loadModel } from '#policies'
import { ensureCatalogTable } from '../../../migrations/run/catalog-record.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel('test/fixtures/apps/warehouse')
const catalog = buildCatalog(model)

test('a catalog of ordered parts, numbers, trees and agreeing relations read back equals the one generated', async () => {
  const client = db().migrator
  const words = roleWords(db().names, catalog)
  await db().applyCatalog(catalog)
  await client.query('begin')
  await ensureCatalogTable(client, words)
  await client.query('commit')
  const expected = await canonicalCatalog(client, catalog, words)
  const found = await readCatalog(client, words)
  expect(compareCatalogs(expected, found).map(formatDifference)).toEqual([])
  expect(found.tables.filter((table) => table.schema === 'app').map((table) => table.name)).toEqual(
    catalog.tables.map((table) => table.name),
  )
})
