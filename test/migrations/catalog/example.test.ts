import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })

test('the example applies as a plain CREATEROLE login', async () => {
  const { model } = await loadModel('examples/invoicing')
  await db().applyCatalog(buildCatalog(model))
  const { rows } = await db().migrator.query(
    `select relname from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)`,
  )
  expect(rows).toEqual([])
})
