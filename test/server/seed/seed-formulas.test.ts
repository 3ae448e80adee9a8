import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { runSeed } from '../../../server/seed/run-seed.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel('test/fixtures/apps/sheets')
const id = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`

test('rows of a seed that come without a value have the default by formula', async () => {
  await db().applyCatalog(buildCatalog(model))
  const customer = id(1)
  const rows = {
    Customer: [{ id: customer, name: 'Ann' }],
    Sheet: [
      { id: id(11), customer, number: 'A', orderedOn: '2026-01-31' },
      { id: id(12), customer, number: 'B', orderedOn: '2026-01-31', dueOn: '2026-03-01' },
      { id: id(13), customer, number: 'C', orderedOn: '2026-01-31', dueOn: '2026-03-01', remindOn: '2026-02-01' },
    ],
  }
  const client = db().migrator
  const seed = { tenants: [{ id: id(900), slug: 'acme', name: 'Acme', rows }] }
  const owner = db().names.owner
  expect(await runSeed(model, seed, { client, owner, again: false })).toEqual({ kind: 'seeded', rows: 4 })
  const dates = async () =>
    db().asOwner(async (each) => {
      const found = await each.query('select number, due_on::text, remind_on::text from app.sheet order by number')
      return found.rows.map(({ number, due_on, remind_on }) => [number, due_on, remind_on])
    })
  const meant = [
    ['A', '2026-02-14', '2026-02-11'],
    ['B', '2026-03-01', '2026-02-26'],
    ['C', '2026-03-01', '2026-02-01'],
  ]
  expect(await dates()).toEqual(meant)
  expect(await runSeed(model, seed, { client, owner, again: true })).toMatchObject({ kind: 'seeded' })
  expect(await dates()).toEqual(meant)
})
