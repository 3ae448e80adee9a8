import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { ordersApp } from './orders-app.ts'

const app = useWrittenServer(ordersApp, ['admin', 'guest', 'courier'])
const bob = '00000000-0000-7000-8000-0000000000a2'

/** Rows made as a load makes them: by the owner, with triggers off. */
async function load(table: string, text: string): Promise<void> {
  await app().database.asOwner(async (client) => {
    await client.query(`alter table app.${table} no force row level security, disable trigger user`)
    await client.query(text)
    await client.query(`alter table app.${table} force row level security, enable trigger user`)
  })
}

beforeAll(() => load('"user"', `insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${bob}', 'Bob')`))

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

const update = (id: string, patch: object, subject: object = {}) =>
  data(
    'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }',
    { id, patch },
    subject,
  )

const verb = (name: string, id: string) => data(`mutation ($id: UUID!) { ${name}(input: { id: $id }) { id } }`, { id })

async function historyOf(
  id: string,
  fields: string,
  subject: object = {},
): Promise<readonly Record<string, unknown>[]> {
  const found = await data(`query ($id: UUID!) { order(id: $id) { history { nodes { ${fields} } } } }`, { id }, subject)
  return found.order.history.nodes
}

describe('the changes of a row', () => {
  test('are told with the row as it became, the newest first', async () => {
    const id = await create({ title: 'chairs' })
    await update(id, { title: 'tables', total: '9.50', stage: 'open' })
    await verb('removeOrder', id)
    await verb('restoreOrder', id)
    expect(await historyOf(id, 'revision change changed title stage total changedBy { name } order { id }')).toEqual(
      [
        { revision: 4, change: 'restore', changed: [], title: 'tables', stage: 'open', total: '9.50' },
        { revision: 3, change: 'remove', changed: [], title: 'tables', stage: 'open', total: '9.50' },
        {
          revision: 2,
          change: 'update',
          changed: ['title', 'stage', 'total'],
          title: 'tables',
          stage: 'open',
          total: '9.50',
        },
        { revision: 1, change: 'create', changed: [], title: 'chairs', stage: 'draft', total: null },
      ].map((each) => ({ ...each, changedBy: { name: 'Ann' }, order: { id } })),
    )
  })

  test('say when, in order', async () => {
    const id = await create({ title: 'a' })
    const before = new Date((await data('query ($id: UUID!) { order(id: $id) { createdAt } }', { id })).order.createdAt)
    await update(id, { title: 'b' })
    const at = (await historyOf(id, 'changedAt')).map(({ changedAt }) => new Date(String(changedAt)).getTime())
    expect(at).toEqual(at.toSorted((a, b) => b - a))
    expect(at.at(-1)).toBeGreaterThanOrEqual(before.getTime())
  })

  test('are pages of a list, filtered and ordered as any', async () => {
    const id = await create({ title: 'a' })
    for (const title of ['b', 'c', 'd']) await update(id, { title })
    const { order } = await data(
      `query ($id: UUID!) { order(id: $id) { history(first: 2) { totalCount nodes { title } pageInfo { hasNextPage endCursor } }
        made: history(filter: { change: { equalTo: create } }) { nodes { title } }
        oldest: history(orderBy: [REVISION_ASC], first: 1) { nodes { title } } } }`,
      { id },
    )
    expect(order.history).toMatchObject({
      totalCount: 4,
      nodes: [{ title: 'd' }, { title: 'c' }],
      pageInfo: { hasNextPage: true },
    })
    expect([order.made.nodes, order.oldest.nodes]).toEqual([[{ title: 'a' }], [{ title: 'a' }]])
    const next = await data(
      'query ($id: UUID!, $after: Cursor!) { order(id: $id) { history(first: 2, after: $after) { nodes { title } } } }',
      { id, after: order.history.pageInfo.endCursor },
    )
    expect(next.order.history.nodes).toEqual([{ title: 'b' }, { title: 'a' }])
    const all = await data(
      'query ($id: UUID!) { orderHistories(filter: { orderId: { equalTo: $id } }) { totalCount } }',
      { id },
    )
    expect(all.orderHistories.totalCount).toBe(4)
  })

  test('are none where nothing became different', async () => {
    const id = await create({
      title: 'a',
      words: ['x'],
      paper: { kind: 'a4' },
      stay: { from: '2026-01-01', to: '2026-01-03' },
    })
    await update(id, {
      title: 'a',
      words: ['x'],
      paper: { kind: 'a4' },
      stay: { from: '2026-01-01', to: '2026-01-03' },
    })
    expect(await historyOf(id, 'change')).toEqual([{ change: 'create' }])
  })

  test('keep lists, objects, periods and relations', async () => {
    const customer = (await data('mutation { createCustomer(input: { customer: { name: "Zoe" } }) { id } }'))
      .createCustomer.id
    const unit = (await data('mutation { createUnit(input: { unit: { name: "own" } }) { id } }')).createUnit.id
    const id = await create({ title: 'a', customerId: customer, unitId: unit, subject: { unitId: unit } })
    await update(id, {
      words: ['x', 'y'],
      paper: { kind: 'a5', sheets: 3 },
      delivery: { city: 'Bonn' },
      stay: { from: '2026-01-01', to: '2026-01-03' },
    })
    const fields =
      'number words paper { kind sheets } delivery { city door } stay { from to } customer { name } unit { name } subjectUnitId'
    const kept = {
      number: expect.stringMatching(/^O-\d{4}$/),
      customer: { name: 'Zoe' },
      unit: { name: 'own' },
      subjectUnitId: unit,
    }
    expect(await historyOf(id, fields)).toEqual([
      {
        ...kept,
        words: ['x', 'y'],
        paper: { kind: 'a5', sheets: 3 },
        delivery: { city: 'Bonn', door: null },
        stay: { from: '2026-01-01', to: '2026-01-03' },
      },
      { ...kept, words: null, paper: null, delivery: null, stay: null },
    ])
  })

  test('say that something of a person changed, and never what it was', async () => {
    const id = await create({ title: 'a', phone: '0228 123456', delivery: { city: 'Bonn', phone: '0228 1' } })
    await update(id, { phone: '0228 654321', delivery: { city: 'Bonn', phone: '0228 2' } })
    expect(await historyOf(id, 'change changed')).toEqual([
      { change: 'update', changed: ['delivery.phone', 'phone'] },
      { change: 'create', changed: [] },
    ])
    const columns = await app().database.migrator.query(
      "select attname from pg_attribute where attrelid = 'app.order_history'::regclass and attname ~ 'phone'",
    )
    expect(columns.rows).toEqual([])
  })

  test('are no places and no links', async () => {
    const id = await create({ title: 'a' })
    const items: string[] = []
    for (const text of ['one', 'two'])
      items.push(
        (
          await data('mutation ($item: ItemInput!) { createItem(input: { item: $item }) { id } }', {
            item: { text, orderId: id },
          })
        ).createItem.id,
      )
    await data('mutation ($id: UUID!, $to: UUID!) { moveItem(input: { id: $id, before: $to }) { id } }', {
      id: items[1],
      to: items[0],
    })
    const tag = (await data('mutation { createTag(input: { tag: { name: "t" } }) { id } }')).createTag.id
    await data(
      'mutation ($id: UUID!, $tags: [UUID!]!) { linkOrderTags(input: { orderId: $id, tagIds: $tags }) { clientMutationId } }',
      { id, tags: [tag] },
    )
    expect(await historyOf(id, 'change')).toEqual([{ change: 'create' }])
    const { order } = await data(
      'query ($id: UUID!) { order(id: $id) { items { nodes { text history { nodes { change } } } } } }',
      { id },
    )
    expect(order.items.nodes).toEqual(
      ['two', 'one'].map((text) => ({ text, history: { nodes: [{ change: 'create' }] } })),
    )
  })

  test('go along with what goes along: parts are removed and restored with their whole', async () => {
    const id = await create({ title: 'a' })
    const item = (
      await data('mutation ($item: ItemInput!) { createItem(input: { item: $item }) { id } }', {
        item: { text: 'x', orderId: id },
      })
    ).createItem.id
    await verb('removeOrder', id)
    await verb('restoreOrder', id)
    const found = await data('query ($id: UUID!) { item(id: $id) { history { nodes { change } } } }', { id: item })
    expect(found.item.history.nodes.map((each: { change: string }) => each.change)).toEqual([
      'restore',
      'remove',
      'create',
    ])
  })
})

describe('what was there before', () => {
  test('is found by the first change: nothing of it is lost', async () => {
    const id = '00000000-0000-7000-8000-00000000f001'
    await load(
      '"order"',
      `insert into app."order" (tenant_id, id, number, title) values ('${acme}', '${id}', 'O-9001', 'loaded')`,
    )
    expect(await historyOf(id, 'change')).toEqual([])
    await update(id, { title: 'changed' })
    expect(await historyOf(id, 'revision change changed title changedBy { name }')).toEqual([
      { revision: 2, change: 'update', changed: ['title'], title: 'changed', changedBy: { name: 'Ann' } },
      { revision: 1, change: 'found', changed: [], title: 'loaded', changedBy: null },
    ])
  })

  test('is found again where a load changed the row in between', async () => {
    const id = await create({ title: 'a' })
    await load('"order"', `update app."order" set title = 'loaded', total = 3 where id = '${id}'`)
    await update(id, { stage: 'open' })
    expect(await historyOf(id, 'revision change changed title')).toEqual([
      { revision: 3, change: 'update', changed: ['stage'], title: 'loaded' },
      { revision: 2, change: 'found', changed: ['title', 'total'], title: 'loaded' },
      { revision: 1, change: 'create', changed: [], title: 'a' },
    ])
  })
})

describe('what becomes of others', () => {
  test('who changed a row and is deleted is nobody; the changes stay', async () => {
    const id = await create({ title: 'a' }, { sub: bob })
    await update(id, { title: 'b' }, { sub: bob })
    expect(await historyOf(id, 'changedBy { name }')).toEqual([
      { changedBy: { name: 'Bob' } },
      { changedBy: { name: 'Bob' } },
    ])
    await verb('deleteUser', bob)
    expect(await historyOf(id, 'title changedBy { name }')).toEqual([
      { title: 'b', changedBy: null },
      { title: 'a', changedBy: null },
    ])
  })

  test('a caller whom the app does not know changes rows all the same', async () => {
    const id = await create({ title: 'a' }, { sub: '00000000-0000-7000-8000-0000000000ff' })
    expect(await historyOf(id, 'change changedBy { name }')).toEqual([{ change: 'create', changedBy: null }])
  })

  test('a target that is deleted empties the relation, which is a change; what it was stays', async () => {
    const customer = (await data('mutation { createCustomer(input: { customer: { name: "Zoe" } }) { id } }'))
      .createCustomer.id
    const id = await create({ title: 'a', customerId: customer })
    await verb('deleteCustomer', customer)
    expect(await historyOf(id, 'change changed customerId customer { name }')).toEqual([
      { change: 'update', changed: ['customer'], customerId: null, customer: null },
      { change: 'create', changed: [], customerId: customer, customer: null },
    ])
  })

  test('one of all tenants that is deleted changes rows of each, in the history of each', async () => {
    await data('mutation { createCountry(input: { country: { code: "FR", name: "France" } }) { clientMutationId } }')
    const ours = await create({ title: 'ours', countryId: 'FR' })
    const theirs = await create({ title: 'theirs', countryId: 'FR' }, { tenant: globex })
    await data('mutation { deleteCountry(input: { code: "FR" }) { clientMutationId } }')
    for (const [id, tenant] of [
      [ours, acme],
      [theirs, globex],
    ] as const)
      expect(await historyOf(id, 'change countryId', { tenant })).toEqual([
        { change: 'update', countryId: null },
        { change: 'create', countryId: 'FR' },
      ])
    // The request goes on as the tenant that it was.
    expect(await historyOf(ours, 'change', { tenant: acme })).toHaveLength(2)
  })

  test('a row that is deleted takes its changes along', async () => {
    const id = await create({ title: 'a' })
    await update(id, { title: 'b' })
    await verb('deleteOrder', id)
    const { rows } = await app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, (client) =>
      client.query(`select revision from app.order_history where order_id = '${id}'`),
    )
    expect(rows).toEqual([])
  })
})

describe('rows of other kinds', () => {
  test('with a key of their own, of no tenant', async () => {
    await data('mutation { createCountry(input: { country: { code: "IT", name: "Italia" } }) { clientMutationId } }')
    await data('mutation { updateCountry(input: { code: "IT", patch: { name: "Italy" } }) { clientMutationId } }')
    const { country } = await data(
      '{ country(code: "IT") { history { nodes { name countryId changedBy { name } } } } }',
    )
    const by = { countryId: 'IT', changedBy: { name: 'Ann' } }
    expect(country.history.nodes).toEqual([
      { name: 'Italy', ...by },
      { name: 'Italia', ...by },
    ])
  })

  test('that are the tenant', async () => {
    await data('mutation { createCompany(input: { company: { motto: "a" } }) { id } }')
    await data('mutation ($id: UUID!) { updateCompany(input: { id: $id, patch: { motto: "b" } }) { id } }', {
      id: acme,
    })
    const { company } = await data('query ($id: UUID!) { company(id: $id) { history { nodes { motto } } } }', {
      id: acme,
    })
    expect(company.history.nodes).toEqual([{ motto: 'b' }, { motto: 'a' }])
    const theirs = await data('{ companyHistories { nodes { motto } } }', {}, { tenant: globex })
    expect(theirs.companyHistories.nodes).toEqual([])
  })

  test('of all tenants beside their own: those have one, ours have none', async () => {
    const nil = '00000000-0000-0000-0000-000000000000'
    const ours = '00000000-0000-7000-8000-00000000e001'
    await load(
      'unit',
      `insert into app.unit (tenant_id, own_tenant_id, is_shared, id, name) values ('${nil}', null, true, '${ours}', 'kg')`,
    )
    await load('unit', `update app.unit set name = 'kilo' where id = '${ours}'`)
    const own = (await data('mutation { createUnit(input: { unit: { name: "box" } }) { id } }')).createUnit.id
    await data('mutation ($id: UUID!) { updateUnit(input: { id: $id, patch: { name: "crate" } }) { id } }', { id: own })
    const of = async (id: string) =>
      (await data('query ($id: UUID!) { unit(id: $id) { history { nodes { name } } } }', { id })).unit.history.nodes
    expect([await of(ours), await of(own)]).toEqual([[], [{ name: 'crate' }, { name: 'box' }]])
    const led = await create({ title: 'a', unitId: ours })
    expect(await historyOf(led, 'unit { name }')).toEqual([{ unit: { name: 'kilo' } }])
    // Deleted with its own changes, by the key that leads to it.
    await update(led, { unitId: null })
    await verb('deleteUnit', own)
  })
})
