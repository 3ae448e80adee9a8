import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadModel } from '#policies'
import { unindexedPaths } from '../../cli/app/unindexed-paths.ts'
import { examinePaths } from '../../cli/doctor/examine-app-database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const trade = join(import.meta.dirname, '../fixtures/apps/trade')
let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase({ prepared: false })
  await db.migrator.query(readFileSync(join(trade, 'legacy.sql'), 'utf8'))
})
afterAll(() => db?.close())

/** Of the app with a rule of orders that looks up the customers of the caller. */
async function lookUp() {
  const { model, locate } = await loadModel(trade)
  const own = { kind: 'compare', on: 'code', op: 'is', to: { kind: 'actor', name: 'id' } } as const
  const policies = model.policies.map((policy) => ({
    ...policy,
    rules: policy.rules.map((rule) =>
      rule.title === 'the north sees orders of its customers'
        ? { ...rule, where: { kind: 'path', relation: 'customer', where: own } as const }
        : rule,
    ),
  }))
  const app = { model: { ...model, policies }, locate }
  return { found: await unindexedPaths(app, db.migrator), findings: await examinePaths(db.migrator, app, 'shop') }
}

test('a rule through a relation of an adopted table is warned of where the table is large and has no index', async () => {
  expect((await lookUp()).found).toEqual([])
  await db.migrator.query(
    `insert into public.orders (company_id, customer, total)
     select '00000000-0000-7000-8000-00000000000a', 'ALFKI', 1000 + n from generate_series(1, 20000) n`,
  )
  const { found, findings } = await lookUp()
  const [path] = found
  expect(found).toHaveLength(1)
  expect(path!.problem).toMatchObject({ code: 'POLICY_PATH_UNINDEXED', severity: 'warning' })
  expect(path!.problem.message).toMatch(/^Rows are looked up by "customer", .*"Order"/)
  expect(path!.problem.at?.file).toMatch(/^policies\//)
  expect(findings).toEqual([
    expect.objectContaining({
      status: 'warn',
      message: expect.stringMatching(/^policies\/.*: Rows are looked up by "customer"/),
      fix: expect.objectContaining({ sql: [path!.sql], isOptional: true }),
    }),
  ])
  // An index of some rows, or that begins with something else, does not mend it; the printed one does.
  await db.migrator.query('create index on public.orders (customer) where total > 5')
  await db.migrator.query('create index on public.orders (total, customer)')
  expect((await lookUp()).found).toHaveLength(1)
  await db.migrator.query(path!.sql)
  expect((await lookUp()).found).toEqual([])
})
