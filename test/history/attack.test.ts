import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { ordersApp } from './orders-app.ts'

const app = useWrittenServer(ordersApp, ['admin', 'guest', 'courier'])
let order = ''

beforeAll(async () => {
  order = await create({ title: 'draft words', phone: '0228 100' })
  await change(order, { title: 'open words', stage: 'open' })
})

async function create(given: object, subject: object = {}): Promise<string> {
  const text = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  const { data, errors } = await app().ask(text, { order: given }, subject)
  expect(errors).toEqual([])
  return data.createOrder.id
}

async function change(id: string, patch: object): Promise<void> {
  const text = 'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }'
  expect((await app().ask(text, { id, patch })).errors).toEqual([])
}

/** Titles in all changes that the caller sees, whether it asks for the row or for changes alone. */
async function titlesFor(subject: object): Promise<readonly string[]> {
  const text =
    '{ orderHistories(orderBy: [REVISION_ASC]) { totalCount nodes { title } aggregates { distinctCount { title } } } }'
  const { data, errors } = await app().ask(text, {}, subject)
  expect(errors).toEqual([])
  const titles = data.orderHistories.nodes.map((each: { title: string }) => each.title)
  expect(data.orderHistories.totalCount).toBe(titles.length)
  expect(data.orderHistories.aggregates.distinctCount.title).toBe(String(new Set(titles).size))
  return titles
}

const asAdmin = <T>(task: (client: pg.Client) => Promise<T>, tenant = acme): Promise<T> =>
  app().database.asActor({ roles: ['admin'], tenant, actor: ann }, task)

const entry = (more: string) =>
  `insert into app.order_history (tenant_id, order_id, revision, change, changed_at, changed${more === '' ? '' : ', changed_by_id'})
   select '${acme}', '${order}', 99, 'update', now(), '{}'${more}`

const attempts: readonly (readonly [title: string, text: () => string])[] = [
  ['forges one', () => entry('')],
  ['forges one in the name of another', () => entry(`, '${ann}'`)],
  ['rewrites one', () => `update app.order_history set title = 'forged'`],
  ['says that another did it', () => 'update app.order_history set changed_by_id = null'],
  ['takes one away', () => 'delete from app.order_history'],
  ['takes all away', () => 'truncate app.order_history'],
  [
    'copies over them',
    () => `merge into app.order_history h using (select 1) s on h.revision = 1 when matched then delete`,
  ],
  ['locks them', () => 'select title from app.order_history for update'],
  ['turns the trigger off', () => 'alter table app."order" disable trigger rowhouse_6_history'],
  ['turns all triggers off', () => `set session_replication_role = replica`],
  ['drops the trigger', () => 'drop trigger rowhouse_6_history on app."order"'],
  [
    'replaces the function',
    () => `create or replace function rowhouse_private.history_order() returns trigger language sql as ''`,
  ],
  ['drops the policies', () => 'alter table app.order_history disable row level security'],
  ['puts a rule before it', () => 'create rule r as on insert to app.order_history do instead nothing'],
  ['takes the rights', () => `grant all on app.order_history to current_user`],
  ['shadows the table', () => 'create temporary table order_history (like app.order_history)'],
]

describe('nobody writes a change by hand', () => {
  test.each(attempts)('who %s', async (_title, text) => {
    await expect(asAdmin((client) => client.query(text()))).rejects.toMatchObject({ code: '42501' })
  })

  test('who calls the function of the trigger', async () => {
    await expect(asAdmin((client) => client.query('select rowhouse_private.history_order()'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000)$/),
    })
  })

  test('not even the functions that decide rules, but to add one', async () => {
    const { database } = app()
    const asPrivate = (text: string) =>
      database.asRole(database.names.private, (client) => client.query(text), { 'rowhouse.tenant_id': acme })
    for (const text of [`update app.order_history set title = 'x'`, 'delete from app.order_history'])
      await expect(asPrivate(text)).rejects.toMatchObject({ code: '42501' })
    await expect(asPrivate(entry('').replaceAll(acme, globex))).rejects.toMatchObject({ code: '42501' })
  })

  test('a change by SQL is told like any other, with its caller', async () => {
    const id = await create({ title: 'a' })
    await asAdmin(async (client) => {
      await client.query(`update app."order" set title = 'by hand' where id = '${id}'`)
      await client.query('commit')
    })
    const { data } = await app().ask('query ($id: UUID!) { order(id: $id) { history { nodes { title } } } }', { id })
    expect(data.order.history.nodes).toEqual([{ title: 'by hand' }, { title: 'a' }])
    await app().ask('mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', { id })
  })

  test('a change that reaches rows of other tenants leaves the caller in its own', async () => {
    const { code } = (
      await app().ask('mutation { createCountry(input: { country: { code: "XX", name: "x" } }) { code } }')
    ).data.createCountry
    const theirs = await create({ title: 'theirs', countryId: code }, { tenant: globex })
    const told = await asAdmin(async (client) => {
      await client.query(`delete from app.country where code = '${code}'`)
      const { rows } = await client.query(
        `select current_setting('rowhouse.tenant_id') as tenant, count(*) filter (where title = 'theirs')::int as count from app."order"`,
      )
      return rows
    })
    expect(told).toEqual([{ tenant: acme, count: 0 }])
    const away = 'mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }'
    await app().ask(away, { id: theirs }, { tenant: globex })
  })

  test('what is taken back leaves no trace', async () => {
    const count = () =>
      asAdmin(
        async (client) =>
          (await client.query('select count(title)::int as count from app.order_history')).rows[0].count,
      )
    const before = await count()
    await asAdmin(async (client) => {
      await client.query('savepoint s')
      await client.query(`update app."order" set title = 'x'`)
      await client.query('rollback to s')
      await client.query('commit')
    })
    expect(await count()).toBe(before)
  })

  test.each(['create', 'update', 'remove', 'restore', 'delete', 'move'])(
    'there is no mutation %sOrderHistory',
    async (verb) => {
      const { errors } = await app().ask(`mutation { ${verb}OrderHistory(input: {}) { clientMutationId } }`)
      expect(errors[0]!.message).toContain(`Cannot query field "${verb}OrderHistory"`)
      const { errors: set } = await app().ask(
        'mutation { createOrder(input: { order: { title: "x", history: [] } }) { id } }',
      )
      expect(set[0]!.message).toContain('"history" is not defined')
    },
  )
})

describe('a change is read by nobody who may not read the row', () => {
  test('another tenant sees none, by whatever id', async () => {
    expect(await titlesFor({ tenant: globex })).toEqual([])
    const query =
      'query ($id: UUID!) { orderHistory(orderId: $id, revision: 1) { title } order(id: $id) { history { totalCount } } }'
    expect((await app().ask(query, { id: order }, { tenant: globex })).data).toEqual({
      orderHistory: null,
      order: null,
    })
    const rows = await asAdmin((client) => client.query('select title from app.order_history'), globex)
    expect(rows.rows).toEqual([])
  })

  test('visitors and callers without a rule see none', async () => {
    for (const subject of [null, { roles: [] }] as const) {
      const { data, errors } = await app().ask('{ orderHistories { nodes { title } } }', {}, subject)
      expect([data?.orderHistories ?? null, errors[0]!.extensions.code]).toEqual([
        null,
        expect.stringMatching(/^(FORBIDDEN|UNAUTHENTICATED)$/),
      ])
    }
  })

  test('of a row that is seen, only what might have been seen then', async () => {
    expect(await titlesFor({ roles: ['guest'] })).toEqual(['open words'])
    // By SQL too, where the caller chooses the condition.
    const rows = await app().database.asActor({ roles: ['guest'], tenant: acme, actor: ann }, (client) =>
      client.query(`select title from app.order_history where title like '%words'`),
    )
    expect(rows.rows).toEqual([{ title: 'open words' }])
    await change(order, { stage: 'done', title: 'done words' })
    expect(await titlesFor({ roles: ['guest'] })).toEqual([])
    await change(order, { stage: 'open', title: 'open again' })
    expect(await titlesFor({ roles: ['guest'] })).toEqual(['open words', 'open again'])
  })

  test('a rule that denies holds for the row and for what it was', async () => {
    const id = await create({ title: 'hush', stage: 'open', blocked: true })
    expect(await titlesFor({ roles: ['guest'] })).not.toContain('hush')
    // By whoever runs the database: the admin may not see it either.
    await app().database.asOwner(async (client) => {
      await client.query('alter table app."order" no force row level security')
      await client.query(`update app."order" set title = 'said', blocked = false where id = '${id}'`)
      await client.query('alter table app."order" force row level security')
    })
    expect(await titlesFor({ roles: ['guest'] })).toContain('said')
    expect(await titlesFor({ roles: ['guest'] })).not.toContain('hush')
    expect(await titlesFor({})).not.toContain('hush')
    await app().ask('mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', { id })
  })

  test('a rule about what is not kept asks the row as it is', async () => {
    const of = (mine: string) => ({ roles: ['courier'], claims: { mine } })
    expect(await titlesFor(of('0228 100'))).toContain('draft words')
    expect(await titlesFor(of('0228 999'))).toEqual([])
  })

  test('nor of a removed row, until it is restored', async () => {
    const id = await create({ title: 'gone' })
    await app().ask('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id })
    expect(await titlesFor({})).not.toContain('gone')
    await app().ask('mutation ($id: UUID!) { restoreOrder(input: { id: $id }) { id } }', { id })
    expect(await titlesFor({})).toContain('gone')
  })

  test('nor a column that no caller reads of the row', async () => {
    for (const column of ['tenant_id', 'unit_tenant_id'])
      await expect(asAdmin((client) => client.query(`select ${column} from app.order_history`))).rejects.toMatchObject({
        code: '42501',
      })
  })

  test('nor who made it, where the caller does not see people', async () => {
    const { data } = await app().ask(
      '{ orderHistories { nodes { title changedBy { name } } } }',
      {},
      { roles: ['guest'] },
    )
    expect(data).toBeDefined()
    for (const { changedBy } of data.orderHistories?.nodes ?? []) expect(changedBy).toBeNull()
  })
})
