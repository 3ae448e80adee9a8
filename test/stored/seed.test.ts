import { expect, test } from 'vitest'
import { buildCatalog, findDrift } from '#migrations'
import { loadModel } from '#policies'
import { runSeed } from '../../server/seed/run-seed.ts'
import { useDatabase } from '../support/database.ts'
import { ledgersFolder } from './ledgers.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel(ledgersFolder)
const id = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`

/** The price of what is sold. */
const seed = (price: string) => ({
  tenants: [900, 901].map((tenant) => ({
    id: id(tenant),
    slug: `t${tenant}`,
    name: 'Tenant',
    rows: {
      Customer: [{ id: id(1), name: 'Ann' }],
      Product: [{ id: id(2), name: 'nut', price }],
      Order: [{ id: id(3), customer: id(1), number: 'A', discount: '0.5' }],
      Entry: [
        { id: id(4), order: id(3), product: id(2), quantity: 2 },
        { id: id(5), order: id(3), product: id(2), quantity: tenant - 899 },
      ],
    },
  })),
})

test('rows of a seed have their stored formulas, of several tenants with the same ids, and again when the seed says otherwise', async () => {
  await db().applyCatalog(buildCatalog(model))
  const client = db().migrator
  const { names } = db()
  const all = () =>
    db().asOwner(async (each) => {
      const found = await each.query(
        'select o.subtotal, o.total, c.ordered from app."order" o join app.customer c using (tenant_id) order by 1',
      )
      return found.rows.map(({ subtotal, total, ordered }) => [subtotal, total, ordered])
    })
  for (const largeFrom of [3, 50_000]) {
    await db().asOwner((each) =>
      each.query('delete from app.customer; delete from app.product; delete from rowhouse.tenant'),
    )
    await runSeed(model, seed('1.50'), { client, owner: names.owner, again: false, largeFrom })
    expect(await all()).toEqual([
      ['4.50', '2.25', '2.25'],
      ['6.00', '3.00', '3.00'],
    ])
    expect(await findDrift(client, { model, names, repair: false })).toEqual([])
    await runSeed(model, seed('2'), { client, owner: names.owner, again: true, largeFrom })
    expect(await all()).toEqual([
      ['6.00', '3.00', '3.00'],
      ['8.00', '4.00', '4.00'],
    ])
  }
})

test('drift is found, told by field, and mended', async () => {
  const { names } = db()
  await db().asOwner((each) =>
    each.query(
      'alter table app."order" disable trigger user; update app."order" set subtotal = 1; alter table app."order" enable trigger user',
    ),
  )
  const options = { model, names, batch: 1 }
  const wrong = [
    { entity: 'Entry', field: 'share', rows: 4, held: 0 },
    { entity: 'Order', field: 'subtotal', rows: 2, held: 0 },
    { entity: 'Order', field: 'total', rows: 2, held: 0 },
  ]
  const sorted = (found: readonly { readonly entity: string }[]) =>
    found.toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
  expect(sorted(await findDrift(db().migrator, { ...options, repair: false }))).toEqual(wrong)
  const [first] = await findDrift(db().migrator, { ...options, repair: true })
  expect(first).toEqual(wrong[1])
  expect(await findDrift(db().migrator, { ...options, repair: false })).toEqual([])
})
