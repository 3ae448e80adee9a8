import { expect, test } from 'vitest'
import { runSeed, type SeedData } from '#server'
import { withinOne } from '../../support/within-one.ts'
import { useWarehouse } from './warehouse.ts'

const house = useWarehouse()

/** Ids of another tenant and its rows for each attempt. */
const idsOf = (attempt: number) => (n: number) =>
  `00000000-0000-7000-8000-00000000${attempt}${String(n).padStart(3, '0')}`
const id = idsOf(0)

function seedOf(rows: SeedData['tenants'][number]['rows'], id = idsOf(0)): SeedData {
  return { tenants: [{ id: id(1), slug: `seeded-${id(1)}`, name: 'Seeded', rows }] }
}

const rowsOf = (id: (n: number) => string, year = 2025) => ({
  Company: [
    { id: id(2), name: 'Ours' },
    { id: id(3), name: 'Theirs' },
  ],
  Order: [{ id: id(10), title: 'First', company: id(2), number: `SO-${year}-0007`, invoice: 'INV-070' }],
  Product: [
    { id: id(20), sku: 'A', company: id(2) },
    { id: id(21), sku: 'B', company: id(3) },
  ],
  OrderLine: [
    { id: id(39), quantity: 1, order: id(10), product: id(20) },
    { id: id(38), quantity: 2, order: id(10) },
    { id: id(37), quantity: 3, order: id(10), product: id(20) },
  ],
})
const rows = rowsOf(id)

const seed = (data: SeedData, again = false) =>
  runSeed(house().model, data, { client: house().database.migrator, owner: house().database.names.owner, again })
const lines = async (id: (n: number) => string) =>
  (
    await house().see(
      'select quantity, order_company_id from app.order_line where tenant_id = $1 order by order_position',
      [id(1)],
    )
  ).map((row) => [row.quantity, row.order_company_id])

test('parts have the order of the seed, copies follow, and numbers go on behind', () =>
  withinOne('year', house().database, async (beginning, attempt) => {
    const id = idsOf(attempt)
    const year = Number(beginning.slice(0, 4))
    const rows = rowsOf(id, year)
    await seed(seedOf(rows, id))
    expect(await lines(id)).toEqual([1, 2, 3].map((n) => [n, id(2)]))
    const made = await house().make('order', { title: 'Next', company_id: id(2) }, { tenant: id(1) })
    const [next] = await house().see('select number, invoice from app."order" where id = $1', [made])
    expect(next).toEqual({ number: `SO-${year}-0008`, invoice: 'INV-071' })

    const more = { ...rows, OrderLine: [...rows.OrderLine, { id: id(36), quantity: 4, order: id(10) }] }
    await seed(seedOf(more, id), true)
    await seed(seedOf(more, id), true)
    expect(await lines(id)).toEqual([1, 2, 3, 4].map((n) => [n, id(2)]))
  }))

test('what triggers would refuse is refused', async () => {
  const wrong = [
    { ...rows, OrderLine: [{ id: id(41), quantity: 1, order: id(10), product: id(21) }] },
    { ...rows, Order: [{ id: id(11), title: 'No number', company: id(2) }] },
    {
      Folder: [
        { id: id(50), name: 'a', parent: id(51) },
        { id: id(51), name: 'b', parent: id(50) },
      ],
    },
  ]
  for (const given of wrong) await expect(seed(seedOf(given), true)).rejects.toMatchObject({ code: 'SEED_INVALID' })
})
