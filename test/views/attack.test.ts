import { describe, expect, test } from 'vitest'
import { verifyDatabase } from '#server'
import { acme, ann, folder, globex, useOutlets } from './outlets.ts'

const app = useOutlets()

/** What a role set finds when it sends SQL of its own. */
async function run(roles: readonly string[] | null, text: string, tenant: string | null = acme): Promise<unknown> {
  return app()
    .database.asActor({ roles, tenant, actor: ann }, async (client) => {
      let last: unknown = null
      for (const statement of text.split(';')) last = (await client.query(statement)).rows
      return last
    })
    .catch((error: { code?: string }) => error.code)
}

const list = 'select total::text from app.turnover order by total'

describe('a caller with SQL of its own', () => {
  test('sees through the fence what its rules say, and nothing of another tenant', async () => {
    expect(await run(['chief'], list)).toHaveLength(3)
    expect(await run(['analyst'], list)).toEqual([{ total: '150.15' }])
    expect(await run(['analyst', 'clerk'], list)).toEqual([{ total: '150.15' }])
    expect(await run(['chief'], list, globex)).toEqual([{ total: '9000.00' }])
    expect(await run(['chief'], list, null)).toEqual([])
    expect(await run(['chief'], 'select company from app.turnover')).toBe('42703')
  })

  test.each(['chief', 'analyst', 'clerk'])('has no right on their view, nor beneath it: %s', async (role) => {
    for (const text of [
      'select * from books.turnover',
      'explain select * from books.turnover',
      'select * from books.booking',
      'select * from books."Rates"',
      'create temp view mine as select * from books.turnover; select * from mine',
      'alter view app.turnover set (security_barrier = false)',
      'drop view app.turnover',
      'refresh materialized view books."Rates"',
    ])
      expect(await run([role], text)).toBe('42501')
  })

  test('without a rule has no right on the fence, not even to explain it', async () => {
    for (const text of ['select from app.turnover', 'explain select from app.turnover']) {
      expect(await run(['clerk'], text)).toBe('42501')
      expect(await run(null, text)).toBe('42501')
    }
    expect(await run(['analyst'], 'select from app.exchange_rate')).toBe('42501')
  })

  test('writes nothing', async () => {
    // 55000: it is no view that could be written at all.
    for (const text of ['delete from app.turnover', 'update app.turnover set total = 1', 'delete from books.booking'])
      expect(['42501', '55000']).toContain(await run(['chief'], text))
    expect(await run(['chief'], `set local role "${app().database.names.owner}"`)).toBe('42501')
  })

  test('has its filters run behind the rules and behind the tenant', async () => {
    // Postgres asks a cheap filter first, unless a barrier is in the way: the error would tell values of rows that are hidden.
    const probe =
      'select count(*)::int as count from app.turnover where 1 / (case total when 150.15 then 1 else 0 end) = 1'
    expect(await run(['analyst'], probe)).toEqual([{ count: 1 }])
    const { database } = app()
    const alter = (is: boolean) =>
      database.asRole(database.names.owner, (client) =>
        client.query(`alter view app.turnover set (security_barrier = ${is})`),
      )
    await alter(false)
    const login = await database.connect(database.loginUrl)
    try {
      expect(await run(['analyst'], probe)).toBe('22012')
      const problems = await verifyDatabase(login, { ...app(), appFolder: folder, names: database.names })
      expect(problems.map(({ message }) => message).join()).toMatch(/lets filters of a request run before its rules/)
    } finally {
      await login.end()
      await alter(true)
    }
  })

  test('would see rows of another tenant if the fence did not pin it', async () => {
    const { database } = app()
    const { rows } = await database.migrator.query("select pg_get_viewdef('app.turnover'::regclass) as definition")
    const pin = '(t0.company = ( SELECT rowhouse.tenant_id() AS tenant_id)) AND '
    const unpinned = String(rows[0].definition).replace(pin, '')
    expect(unpinned).not.toContain('company =')
    const replace = (definition: string) =>
      database.asRole(database.names.owner, (client) =>
        client.query(`create or replace view app.turnover with (security_barrier) as ${definition}`),
      )
    await replace(unpinned)
    try {
      expect(await run(['chief'], list)).toHaveLength(4)
    } finally {
      await replace(rows[0].definition)
    }
    expect(await run(['chief'], list)).toHaveLength(3)
  })
})
