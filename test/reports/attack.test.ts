import { describe, expect, test } from 'vitest'
import { verifyDatabase } from '#server'
import { acme, ann, folder, globex, useStores } from './stores.ts'

const app = useStores()

/** What a role set finds when it sends SQL of its own. */
async function run(roles: readonly string[], text: string, tenant: string | null = acme): Promise<unknown> {
  return app()
    .database.asActor({ roles, tenant, actor: ann }, async (client) => {
      let last: unknown = null
      for (const statement of text.split(';')) last = (await client.query(statement)).rows
      return last
    })
    .catch((error: { code?: string }) => error.code)
}

describe('a caller with SQL of its own', () => {
  test('sees through the fence what its rules say, and nothing of another tenant', async () => {
    const text = 'select store_name, total::text from app.sales_by_store order by 1'
    expect(await run(['chief'], text)).toHaveLength(3)
    expect(await run(['manager'], text)).toEqual([{ store_name: 'North', total: '150.15' }])
    expect(await run(['chief'], text, globex)).toEqual([{ store_name: 'Foreign', total: '9001.00' }])
    expect(await run(['chief'], text, null)).toEqual([])
  })

  test.each(['chief', 'manager', 'clerk'])('has no right on the select itself: %s', async (role) => {
    for (const text of [
      'select * from rowhouse_private.report_sales_by_store',
      'explain select * from rowhouse_private.report_sales_by_store',
      'create temp view mine as select * from rowhouse_private.report_sales_by_store; select * from mine',
      'alter view app.sales_by_store set (security_barrier = false)',
      'drop view app.sales_by_store',
    ])
      expect(await run([role], text)).toBe('42501')
  })

  test('without a rule has no right on the fence, not even to explain it', async () => {
    expect(await run(['clerk'], 'select from app.sales_by_store')).toBe('42501')
    expect(await run(['clerk'], 'explain select from app.sales_by_store')).toBe('42501')
    expect(await run(['manager'], 'select from app.monthly')).toBe('42501')
  })

  test('becomes none of the owners', async () => {
    const { names } = app().database
    for (const name of [names.reports, names.owner, names.private])
      expect(await run(['chief'], `set local role "${name}"`)).toBe('42501')
  })

  test('writes nothing', async () => {
    // 55000: it is no view that could be written at all.
    for (const text of [
      'delete from app.sales_by_store',
      "update app.sales_by_store set store_name = 'x'",
      "insert into app.sales_by_store (store_name) values ('x')",
    ])
      expect(['42501', '55000']).toContain(await run(['chief'], text))
  })

  test('has its filters run behind the rules', async () => {
    // Postgres asks a cheap filter first, unless a barrier is in the way: the error would tell values of rows that are hidden.
    const probe =
      "select count(*)::int as count from app.sales_by_store where 1 / (case store_name when 'North' then 1 else 0 end) = 1"
    expect(await run(['manager'], probe)).toEqual([{ count: 1 }])
    const { database } = app()
    await database.migrator.query(`set role "${database.names.owner}"`)
    await database.migrator.query('alter view app.sales_by_store set (security_barrier = false); reset role')
    const login = await database.connect(database.loginUrl)
    try {
      expect(await run(['manager'], probe)).toBe('22012')
      const problems = await verifyDatabase(login, { ...app(), appFolder: folder, names: database.names })
      expect(problems.map(({ message }) => message).join()).toMatch(/lets filters of a request run before its rules/)
    } finally {
      await login.end()
      await database.migrator.query(`set role "${database.names.owner}"`)
      await database.migrator.query('alter view app.sales_by_store set (security_barrier = true); reset role')
    }
  })
})

test('the owner of selects may do nothing by itself', async () => {
  const { database } = app()
  const as = (text: string) =>
    database
      .asRole(database.names.reports, async (client) => (await client.query(text)).rows, {
        'rowhouse.tenant_id': acme,
      })
      .catch((error: { code?: string }) => error.code)
  for (const text of [
    // Not even to ask whose tenant it is: a select runs for a caller, who may.
    'select * from app.sale',
    'delete from app.sale',
    "update app.store set name = 'x'",
    'select * from rowhouse.tenant',
    'create table rowhouse_private.mine (x int)',
    'create view app.mine as select 1',
  ])
    expect(await as(text)).toBe('42501')
})
