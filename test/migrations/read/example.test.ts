import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel('examples/invoicing')
const catalog = buildCatalog(model)

test("the example's catalog read back equals the one generated", async () => {
  const { found } = await expectCatalogReadBack(db(), catalog)
  expect(found.tables.filter((table) => table.schema === 'app').map((table) => table.name)).toEqual(
    catalog.tables.map((table) => table.name),
  )
})
