import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel('test/fixtures/apps/warehouse')
const catalog = buildCatalog(model)

test('a catalog of ordered parts, numbers, trees and agreeing relations read back equals the one generated', async () => {
  const { found } = await expectCatalogReadBack(db(), catalog)
  expect(found.tables.filter((table) => table.schema === 'app').map((table) => table.name)).toEqual(
    catalog.tables.map((table) => table.name),
  )
})
