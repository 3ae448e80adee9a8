import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { runSeed, type SeedData } from '#server'
import { useDatabase } from '../../support/database.ts'
import { int, makeModel, one, text } from '../../support/model.ts'

const model = makeModel({
  entities: {
    Order: { fields: { title: text() } },
    Line: {
      fields: { amount: int() },
      relations: { order: one('Order', { part: true, position: 'order_position' }) },
    },
  },
})
const database = useDatabase({ migrator: 'plain' })
const id = (n: number) => `00000000-0000-7000-8000-00000000a${String(n).padStart(3, '0')}`
const line = (n: number, order: string) => ({ id: id(n), amount: n, order })

/** Lines of two wholes by turns, one written in capitals and one removed. */
const seed: SeedData = {
  tenants: [1, 2].map((number) => ({
    id: id(number),
    slug: `t${number}`,
    name: 'T',
    rows: {
      Order: [10, 20].map((n) => ({ id: id(number * 100 + n), title: 'x' })),
      Line: [
        line(number * 100 + 31, id(number * 100 + 10)),
        line(number * 100 + 32, id(number * 100 + 20)),
        { ...line(number * 100 + 33, id(number * 100 + 10).toUpperCase()), deletedAt: '2026-01-01T00:00:00Z' },
        line(number * 100 + 34, id(number * 100 + 10)),
        line(number * 100 + 35, id(number * 100 + 20)),
      ],
    },
  })),
}

test('rows that are the first are counted on the way, and a second time in the database: with the same places', async () => {
  await database().applyCatalog(buildCatalog(model))
  const client = database().migrator
  const run = (again: boolean) => runSeed(model, seed, { client, owner: database().names.owner, again })
  for (const again of [false, true]) {
    expect((await run(again)).kind).toBe('seeded')
    const { rows } = await database().asOwner((owner) =>
      owner.query('select amount % 100 as line, order_position as place from app.line order by amount'),
    )
    const places = [
      { line: 31, place: 1 },
      { line: 32, place: 1 },
      { line: 33, place: 2 },
      { line: 34, place: 3 },
      { line: 35, place: 2 },
    ]
    expect(rows).toEqual([...places, ...places])
  }
})
