import { expect, test } from 'vitest'
import { buildCatalog, type Catalog, diffCatalogs, renderAdditions } from '#migrations'
import { rolePlaceholders } from '../../../migrations/roles/platform-roles.ts'
import { acme, ann, globex, row, rows, tradeModel } from '../../policies/carried/trade-model.ts'
import { expectCatalogHeld, expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase()
const plain = buildCatalog(tradeModel({ payments: null }))
const carried = buildCatalog(tradeModel())

/** Brings the database from one catalog to another as a migration does. */
async function change(from: Catalog, to: Catalog): Promise<void> {
  const changes = diffCatalogs(from, to)
  expect(changes.filter((each) => each.class === 'destructive')).toEqual([])
  const known = rolePlaceholders(
    db().names,
    to.roles.map(({ name }) => name),
  )
  const text = renderAdditions(changes).replaceAll(/:[A-Z][A-Z0-9_]*\b/g, (word) => known[word] ?? word)
  // One transaction, as simple queries are.
  await db().migrator.query(text)
  await expectCatalogHeld(db(), to)
}

const copies = () =>
  db().asOwner(async (client) => {
    const { rows: found } = await client.query(
      'select id, invoice_order_customer_team_id as team from app.payment order by id',
    )
    return found
  })
const updated = () =>
  db().asOwner(async (client) => (await client.query('select id, updated_at from app.payment order by id')).rows)

test('a rule that makes a column fills it for the rows that are there, and takes it back', async () => {
  await expectCatalogReadBack(db(), plain)
  await db().asOwner((client) => client.query(rows))
  const before = await updated()
  await change(plain, carried)
  const expected = [acme, globex].flatMap((tenant) =>
    ([1, 2] as const).map((at) => ({ id: row(tenant, 'payment', at), team: row(tenant, 'team', at) })),
  )
  expect(await copies()).toEqual(expected.sort((a, b) => (a.id < b.id ? -1 : 1)))
  expect(await updated()).toEqual(before)
  const seen = () =>
    db().asActor({ roles: ['seller'], tenant: globex, actor: ann }, async (client) => {
      return (await client.query('select id from app.payment')).rows.map(({ id }) => id)
    })
  expect(await seen()).toEqual([row(globex, 'payment', 1)])
  await change(carried, plain)
  expect(await seen().catch((error) => error.code)).toBe('42501')
  await change(plain, carried)
  expect(await seen()).toEqual([row(globex, 'payment', 1)])
})

test('a copy of something else is no addition', () => {
  const other = {
    ...carried,
    tables: carried.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        column.carried === undefined ? column : { ...column, carried: { ...column.carried, column: 'id' } },
      ),
    })),
  }
  const classes = diffCatalogs(carried, other).map((each) => each.class)
  expect(new Set(classes)).toEqual(new Set(['destructive']))
})
