import { describe, expect, test } from 'vitest'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { dispatchApp, eventsIn } from './dispatch-app.ts'

const app = useWrittenServer(dispatchApp, ['admin', 'clerk'])

/** The answer's data, of a request without errors. */
async function data(query: string, variables: object = {}, subject: object = {}) {
  const answer = await app().ask(query, variables, subject)
  expect(answer.errors).toEqual([])
  return answer.data
}

async function create(order: object, subject: object = {}): Promise<string> {
  const text = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  return (await data(text, { order }, subject)).createOrder.id
}

const update = (id: string, patch: object) =>
  data('mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }', {
    id,
    patch,
  })

const verb = (name: string, id: string) =>
  data(`mutation ($id: UUID!) { ${name}(input: { id: $id }) { __typename } }`, { id })

const told = async (key: string) => (await eventsIn(app().database, key)).map(({ type, data: of }) => [type, of])

describe('events of a row', () => {
  test('are written down as they happen, with who did it and for whom', async () => {
    const id = await create({ title: 'chairs' })
    await update(id, { title: 'tables' })
    await verb('removeOrder', id)
    await verb('restoreOrder', id)
    await verb('deleteOrder', id)
    const events = await eventsIn(app().database, id)
    expect(events.map(({ type }) => type)).toEqual(['created', 'updated', 'removed', 'restored', 'deleted'])
    for (const event of events)
      expect(event).toMatchObject({ tenant_id: acme, actor_id: ann, entity: 'Order', key: id, version: 1 })
    expect(new Set(events.map((event) => event.id)).size).toBe(5)
    expect(events[0]!.at.getTime()).toBeLessThanOrEqual(events[4]!.at.getTime())
    expect(events[1]!.data).toEqual({ changed: ['title'], values: { title: 'tables' } })
    expect(events[2]!.data).toEqual({ changed: [], values: {} })
    expect(events[4]!.data).toMatchObject({ changed: [], values: { title: 'tables', status: 'draft' } })
  })

  test('hold values as the API writes them: exact numbers as texts, no secrets, nothing about people, nothing large', async () => {
    const given = {
      title: 'all',
      price: '12.50',
      cents: '0.07',
      rate: '1.500',
      rates: ['0.100', '2.000'],
      count: '9007199254740993',
      words: ['a', 'b'],
      paper: { kind: 'a4', sheets: 2 },
      delivery: { city: 'Bonn', phone: '0228 1' },
      stay: { from: '2026-01-01', to: '2026-01-03' },
      calledAt: '2026-01-02T03:04:05+01:00',
      wantedOn: '2026-02-03',
      phone: '0228 2',
      pin: '1234',
      scan: 'AAEC',
    }
    const id = await create(given)
    const { phone: _phone, pin: _pin, scan: _scan, ...shown } = given
    const values = {
      ...shown,
      delivery: { city: 'Bonn', door: null },
      calledAt: '2026-01-02T02:04:05.000000Z',
      status: 'draft',
      customerId: null,
      countryId: null,
    }
    const [made] = await told(id)
    expect(made).toEqual(['created', { changed: [], values }])
    expect(JSON.stringify(made)).not.toMatch(/0228|1234|AAEC/)
    await update(id, { phone: '0228 3', pin: '4321', scan: 'AQ==', delivery: { city: 'Bonn', phone: '0228 4' } })
    const changes = (await told(id))[1]!
    expect(changes).toEqual([
      'updated',
      {
        changed: expect.arrayContaining(['delivery', 'phone', 'pin', 'scan']),
        values: { delivery: { city: 'Bonn', door: null } },
      },
    ])
  })

  test('are none where nothing became different, nothing is kept, or nobody asks', async () => {
    const id = await create({ title: 'a' })
    await update(id, { title: 'a' })
    expect((await told(id)).map(([type]) => type)).toEqual(['created'])
    const before = (await eventsIn(app().database)).length
    const { errors } = await app().ask(
      'mutation { createOrder(input: { order: { title: "x" } }) { id } a: createCountry(input: { country: { code: "LONG", name: "x" } }) { code } }',
    )
    expect(errors).not.toEqual([])
    await data('mutation { createCustomer(input: { customer: { name: "Zoe" } }) { id } }')
    expect((await eventsIn(app().database)).length).toBe(before)
  })

  test('are in the order in which the row was locked, whoever began first', async () => {
    const id = await create({ title: 'a' })
    await Promise.all(Array.from({ length: 12 }, (_, at) => update(id, { title: `t${at}` })))
    const events = (await eventsIn(app().database, id)).slice(1)
    const { order } = await data('query ($id: UUID!) { order(id: $id) { title } }', { id })
    expect(events).toHaveLength(12)
    expect(events.at(-1)!.data.values).toEqual({ title: order.title })
  })

  test('say the state that a row reached, from where, and what else changed with it', async () => {
    const id = await create({ title: 'a' })
    await app().database.asOwner((client) =>
      client.query(`update app."order" set status = 'placed', title = 'b' where id = $1`, [id]),
    )
    expect((await told(id))[1]).toEqual([
      'placed',
      {
        changed: ['title', 'status'],
        values: { title: 'b', status: 'placed' },
        from: 'draft',
        to: 'placed',
      },
    ])
  })
})

describe('events of transitions', () => {
  const act = (name: string, id: string, note: string | null, subject: object = {}) =>
    app().ask(
      `mutation ($id: UUID!, $note: String) { ${name}Order(input: { id: $id, note: $note }) { __typename } }`,
      { id, note },
      subject,
    )

  test('are called by the state that is reached, and say verb and note', async () => {
    const id = await create({ title: 'a' })
    expect((await act('place', id, 'please')).errors).toEqual([])
    expect((await act('approve', id, null)).errors).toEqual([])
    expect((await told(id)).slice(1)).toEqual([
      [
        'placed',
        {
          ...{ changed: ['status'], values: { status: 'placed' } },
          ...{ from: 'draft', to: 'placed', verb: 'place', note: 'please' },
        },
      ],
      ['approved', expect.objectContaining({ from: 'placed', to: 'approved', verb: 'approve', note: null })],
    ])
  })

  test('come beside the job that the transition runs, which is added once and only if it is done', async () => {
    const id = await create({ title: 'a' })
    await act('approve', id, null)
    await act('place', id, null)
    await act('approve', id, null)
    const other = await create({ title: 'b' })
    await act('place', other, null)
    await app().ask('mutation ($ids: [UUID!]!) { approveOrders(input: { ids: $ids }) { __typename } }', {
      ids: [other],
    })
    const { rows } = await app().database.asRole(app().database.names.queueKeeper, (client) =>
      client.query(
        'select task, tenant_id, actor_id, input from rowhouse_queue.job where input->>$1 = any ($2) order by id',
        ['id', [id, other]],
      ),
    )
    const job = { task: 'workers/note-approval', tenant_id: acme, actor_id: ann }
    expect(rows).toEqual([
      { ...job, input: { id } },
      { ...job, input: { id: other } },
    ])
  })

  test('are none where the transition is refused', async () => {
    const id = await create({ title: 'a' })
    expect((await act('approve', id, 'now')).errors).not.toEqual([])
    expect((await told(id)).map(([type]) => type)).toEqual(['created'])
  })

  test('say no word that the caller has put into the settings of the transaction', async () => {
    const id = await create({ title: 'a' })
    await app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, async (client) => {
      await client.query(`select set_config('rowhouse.transition', '{"verb":"steal","to":"approved"}', true)`)
      await client.query('select rowhouse_private.act_place__order($1, null)', [id])
    })
    expect((await told(id)).slice(1)).toEqual([
      ['placed', expect.objectContaining({ from: 'draft', to: 'placed', verb: 'place', note: null })],
    ])
  })
})

describe('events of other rows', () => {
  test('come from what goes with a row: parts, and links that a deletion empties, in every tenant', async () => {
    const text = 'mutation { createCountry(input: { country: { code: "XX", name: "x" } }) { code } }'
    await data(text)
    const mine = await create({ title: 'mine', countryId: 'XX', lines: { create: [{ text: 'one' }] } })
    const theirs = await create({ title: 'theirs', countryId: 'XX' }, { tenant: globex })
    await data('mutation { deleteCountry(input: { code: "XX" }) { __typename } }')
    const emptied = ['updated', { changed: ['countryId'], values: { countryId: null } }]
    expect((await told(mine))[1]).toEqual(emptied)
    expect((await told(theirs))[1]).toEqual(emptied)
    const events = await eventsIn(app().database)
    expect(events.find(({ key, type }) => key === theirs && type === 'updated')).toMatchObject({
      tenant_id: globex,
      actor_id: null,
    })
    expect(events.find(({ key }) => key === 'XX')).toMatchObject({ type: 'deleted', tenant_id: acme })
    await verb('removeOrder', mine)
    const lines = (await eventsIn(app().database)).filter(({ entity }) => entity === 'OrderLine')
    expect(lines.map(({ type }) => type)).toEqual(['created', 'removed'])
    expect(lines[0]!.data.values).toEqual({ text: 'one', orderId: mine })
  })

  test('are known by all values of a key', async () => {
    await data('mutation { createCountry(input: { country: { code: "YY", name: "y" } }) { code } }')
    await data(
      'mutation { createTariff(input: { tariff: { countryId: "YY", weight: 3, price: "1.00" } }) { __typename } }',
    )
    await data(
      'mutation { updateTariff(input: { countryId: "YY", weight: 3, patch: { price: "2.00" } }) { __typename } }',
    )
    expect(await told('["YY", "3"]')).toEqual([['updated', { changed: ['price'], values: { price: '2.00' } }]])
  })

  test('come from rows that callers reach by a face of their table', async () => {
    const { createDeal } = await data('mutation { createDeal(input: { deal: { name: "a", margin: "9.50" } }) { id } }')
    const change = 'mutation ($id: UUID!) { updateDeal(input: { id: $id, patch: { name: "b" } }) { id } }'
    await data(change, { id: createDeal.id }, { roles: ['clerk'] })
    await data('mutation ($id: UUID!) { deleteDeal(input: { id: $id }) { __typename } }', { id: createDeal.id })
    expect((await told(createDeal.id)).map(([type, of]) => [type, (of as { values: object }).values])).toEqual([
      ['created', { name: 'a', margin: '9.50' }],
      ['updated', { name: 'b' }],
      ['deleted', { name: 'b', margin: '9.50' }],
    ])
  })

  test('are known by numbers as texts', async () => {
    const { createTicket } = await data('mutation { createTicket(input: { ticket: { name: "a" } }) { id } }')
    expect(await told(createTicket.id)).toEqual([['created', { changed: [], values: { name: 'a' } }]])
  })

  test('of all tenants are none', async () => {
    await app().database.asOwner((client) =>
      client.query(
        `insert into app.unit (tenant_id, own_tenant_id, is_shared, name) values ('00000000-0000-0000-0000-000000000000', null, true, 'ours');
         update app.unit set name = 'still ours'; delete from app.unit`,
      ),
    )
    const { createUnit } = await data('mutation { createUnit(input: { unit: { name: "own" } }) { id } }')
    const units = (await eventsIn(app().database)).filter(({ entity }) => entity === 'Unit')
    expect(units.map(({ key, type }) => [key, type])).toEqual([[createUnit.id, 'created']])
  })
})
