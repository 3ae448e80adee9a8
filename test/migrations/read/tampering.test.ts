import { expect, test } from 'vitest'
import { roleWords } from '#migrations'
import { compareCatalogs, formatDifference } from '../../../migrations/read/compare-catalogs.ts'
import { readCatalog, readCatalogHere } from '../../../migrations/read/read-catalog.ts'
import { canonicalCatalog } from '../../../migrations/run/canonical-catalog.ts'
import { ensureCatalogTable } from '../../../migrations/run/catalog-record.ts'
import { useDatabase } from '../../support/database.ts'
import { sampleCatalog } from '../sample-catalog.ts'
import { tamperings } from './tamperings.ts'

const db = useDatabase({ migrator: 'plain', roles: ['sales', 'manager'] })
const words = () => roleWords(db().names, sampleCatalog)

test('a generated catalog is what a database holds after it was applied', async () => {
  const client = db().migrator
  const before = await canonicalCatalog(client, sampleCatalog, words())
  await db().applyCatalog(sampleCatalog)
  await client.query('begin')
  await ensureCatalogTable(client, words())
  await client.query('commit')
  const found = await readCatalog(client, words())
  expect(compareCatalogs(before, found).map(formatDifference)).toEqual([])
})

test('finding out leaves no trace, and another session notices nothing meanwhile', async () => {
  const client = db().migrator
  const after = await canonicalCatalog(client, sampleCatalog, words())
  expect(after.tables.map((table) => table.entity)).toContain('order')
  const { rows } = await client.query(`select nspname from pg_namespace where nspname like '%aside%'`)
  expect(rows).toEqual([])
  expect(compareCatalogs(after, await readCatalog(client, words()))).toEqual([])
})

test('the login of the server reads the same', async () => {
  const login = await db().connect(db().loginUrl)
  try {
    const asLogin = await readCatalog(login, words())
    expect(asLogin).toEqual(await readCatalog(db().migrator, words()))
  } finally {
    await login.end()
  }
})

test('every tampering is reported', async () => {
  const client = db().migrator
  const expected = await canonicalCatalog(client, sampleCatalog, words())
  const { rows } = await client.query('select current_user::text as name')
  const unreported: string[] = []
  for (const [name, statements, reported] of tamperings(db().names.prefix, rows[0].name)) {
    await client.query('begin')
    try {
      await client.query(statements)
      await client.query('reset role')
      const actual = await readCatalogHere(client, words())
      const lines = compareCatalogs(expected, actual).map(formatDifference).join('\n')
      if (!lines.includes(reported)) unreported.push(`${name}: ${lines}`)
    } catch (error) {
      unreported.push(`${name}: ${String(error)}`)
    } finally {
      await client.query('rollback')
    }
  }
  expect(unreported).toEqual([])
})
