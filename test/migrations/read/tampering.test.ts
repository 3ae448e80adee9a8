import { expect, test } from 'vitest'
import { sql, toText } from '#base'
import { roleWords } from '#migrations'
import { columnOptions } from '../../../migrations/read/column-options.ts'
import { compareCatalogs, formatDifference } from '../../../migrations/read/compare-catalogs.ts'
import { readCatalog, readCatalogHere } from '../../../migrations/read/read-catalog.ts'
import { canonicalCatalog } from '../../../migrations/run/canonical-catalog.ts'
import { ensureCatalogTable } from '../../../migrations/run/catalog-record.ts'
import { repairSql } from '../../../migrations/run/repair-sql.ts'
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

test('what Postgres notes of a column for itself is no option of it, and what somebody sets is', async () => {
  const { rows } = await db().migrator.query(
    toText(sql`
      select ${columnOptions} as options
      from (values (array['pg_attver=27262176', 'n_distinct=5']), (array['pg_attver=27262176']), (null)) a (attoptions)`),
  )
  expect(rows).toEqual([{ options: 'n_distinct=5' }, { options: null }, { options: null }])
})

/** What no statement brings back, or would at the cost of rows. */
const beyondRepair = new Set([
  'child table',
  'column added',
  'column collated',
  'column identity',
  'column type',
  'default right',
  'domain added',
  'function parallel',
  'function strict',
  'functions for everyone by default',
  'grant that may be passed on',
  'materialized view',
  'membership that may be passed on',
  'operator added',
  'platform function',
  'right of the owner revoked',
  'rule added',
  'schema for public',
  'schema owner',
  'schema public',
  'schema right',
  'sequence added',
  'table added',
  'table dropped',
  'table option',
  'table unlogged',
  'temporary tables for everyone',
  'type added',
  'view added',
])

test('every tampering is reported, and the printed SQL undoes it', async () => {
  const client = db().migrator
  const expected = await canonicalCatalog(client, sampleCatalog, words())
  const left = await readCatalog(client, words())
  const unmended: string[] = []
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
      const repairs = compareCatalogs(left, actual).map((one) =>
        repairSql(one, { left, generated: sampleCatalog, words: words() }),
      )
      if (repairs.some((texts) => texts.length === 0)) {
        if (!beyondRepair.has(name)) unmended.push(`${name}: no SQL for ${lines}`)
        continue
      }
      for (const text of new Set(repairs.flat())) await client.query(text)
      const after = compareCatalogs(left, await readCatalogHere(client, words())).map(formatDifference)
      if (after.length > 0 || beyondRepair.has(name))
        unmended.push(`${name}: ${after.join('\n')} after ${repairs.flat().join(' ')}`)
    } catch (error) {
      unreported.push(`${name}: ${String(error)}`)
    } finally {
      await client.query('rollback')
    }
  }
  expect(unreported).toEqual([])
  expect(unmended).toEqual([])
})
