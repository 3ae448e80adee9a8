import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, foreign, globex, north, refresh, useFigures } from './figures.ts'

const app = useFigures()
beforeAll(async () => {
  await refresh(app())
})

/** What a role set finds when it sends SQL of its own. */
async function run(roles: readonly string[], text: string, tenant: string | null = acme): Promise<unknown> {
  return app()
    .database.asActor({ roles, tenant, actor: ann }, async (client) => (await client.query(text)).rows)
    .catch((error: { code?: string }) => error.code)
}

/** As one of the roles that nobody can log in as. */
async function as(role: string, text: string, tenant = acme): Promise<unknown> {
  return app()
    .database.asRole(role, async (client) => (await client.query(text)).rows, { 'rowhouse.tenant_id': tenant })
    .catch((error: { code?: string }) => error.code)
}

const fromView = 'select store_id from app.figure order by total desc'
const fromRows = 'select store_id::text from app.figure__rows'

describe('a caller with SQL of its own', () => {
  test.each(['chief', 'analyst', 'clerk'])('neither reads, writes, empties nor computes the rows: %s', async (role) => {
    for (const text of [
      fromRows,
      'explain select * from app.figure__rows',
      `insert into app.figure__rows (store_id, total) values ('${north}', 1)`,
      'update app.figure__rows set total = 0',
      'delete from app.figure__rows',
      'truncate app.figure__rows',
      'lock table app.figure__rows in access share mode',
      'select rowhouse_private.refresh_figure()',
      'select * from rowhouse_private.report_figure',
      'select * from rowhouse.refreshed',
      'delete from rowhouse.refreshed',
    ])
      expect([text, await run([role], text)]).toEqual([text, '42501'])
  })

  test('writes nothing through the view', async () => {
    for (const text of [
      'delete from app.figure',
      'update app.figure set total = 0',
      `insert into app.figure (store_id) values ('${north}')`,
    ])
      expect(['42501', '55000']).toContain(await run(['chief'], text))
  })

  test('sees what its rules say, of its own tenant', async () => {
    expect(await run(['chief'], fromView)).toHaveLength(2)
    expect(await run(['analyst'], fromView)).toEqual([{ store_id: north }])
    expect(await run(['clerk'], fromView)).toBe('42501')
    expect(await run(['chief'], fromView, globex)).toEqual([{ store_id: foreign }])
    expect(await run(['chief'], fromView, null)).toEqual([])
    expect(await run(['chief'], `select from app.figure where store_id = '${foreign}'`)).toEqual([])
  })
})

describe('the pin of the tenant', () => {
  test('is what keeps rows of others from readers, and moments too', async () => {
    const { database } = app()
    const { owner } = database.names
    const change = (text: string) => database.migrator.query(`set role "${owner}"; ${text}; reset role`)
    await change('alter table app.figure__rows no force row level security')
    try {
      // Without it the owner of the view sees every row, and so does the view.
      expect(await run(['chief'], fromView)).toHaveLength(3)
    } finally {
      await change('alter table app.figure__rows force row level security')
    }
    expect(await run(['chief'], fromView)).toHaveLength(2)
  })

  test('holds for the function that computes, and for the owners by themselves', async () => {
    const { names } = app().database
    for (const role of [names.owner, names.private]) {
      expect(await as(role, fromRows)).toHaveLength(2)
      expect(await as(role, fromRows, globex)).toEqual([{ store_id: foreign }])
    }
    expect(await as(names.private, `update app.figure__rows set tenant_id = '${globex}'`)).toBe('42501')
    expect(await as(names.owner, 'update app.figure__rows set total = 0')).toEqual([])
    expect(
      await as(names.private, fromRows.replace('app.figure__rows', 'rowhouse_private.report_figure')),
    ).toHaveLength(2)
  })

  test('no tenant: nothing is computed', async () => {
    expect(await as(app().database.names.owner, 'select rowhouse_private.refresh_figure()', '')).toBe('22023')
  })
})

test('computing rows of one tenant leaves those of others as they are, and reads none', async () => {
  const { database } = app()
  const stamp = async () =>
    await as(
      database.names.owner,
      'select xmin::text, refreshed_at::text from app.figure__rows cross join rowhouse.refreshed',
      globex,
    )
  const before = await stamp()
  await refresh(app(), { tenant: 'acme' })
  expect(await stamp()).toEqual(before)
  const { owner, reports } = database.names
  const change = (text: string) => database.migrator.query(`set role "${owner}"; ${text}; reset role`)
  await change('alter policy tenant on app.store using (true)')
  try {
    // With the pin of a table beneath removed, the select would see them.
    const [one] = await refresh(app(), { reports: ['Figure'], tenant: 'acme' })
    expect(one).toMatchObject({ rows: 3, fault: null })
  } finally {
    await change('alter policy tenant on app.store using (tenant_id = (select rowhouse.tenant_id()))')
  }
  const [again] = await refresh(app(), { reports: ['Figure'], tenant: 'acme' })
  expect(again).toMatchObject({ rows: 2, fault: null })
  expect(await run(['chief'], fromView)).toHaveLength(2)
  for (const text of [fromRows, 'select rowhouse_private.refresh_figure()', 'delete from app.figure__rows'])
    expect(await as(reports, text)).toBe('42501')
})
