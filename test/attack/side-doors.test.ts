import { beforeAll, describe, expect, test } from 'vitest'
import { exampleRow, type TenantRows, tenantRows } from '../support/example-rows.ts'
import { useExampleServer } from '../support/example-server.ts'

// Ways to learn of rows that one may not read, without reading them. Sam sees the customers of two of acme's four organisations.
const example = useExampleServer()
let acme: TenantRows
let globex: TenantRows
let hiddenCustomer: string
let removedOrder: string
const absent = '01980000-0000-7000-8000-00000000dead'

const sams = async (query: string, variables: object = {}) => {
  const { data, errors, text } = await example().ask('sam', query, variables)
  return { data, codes: errors.map(({ extensions }) => extensions.code), errors, text }
}

beforeAll(async () => {
  const { people, ask } = example()
  acme = await tenantRows(example(), people.ada.tenant)
  globex = await tenantRows(example(), people.gil.tenant)
  const hidden = await ask(
    'ada',
    '{ customers(first: 1, filter: { organization: { name: { equalTo: "Acme South" } } }) { nodes { id } } }',
  )
  hiddenCustomer = hidden.data.customers.nodes[0].id
  const mine = await sams('{ customers(first: 1) { nodes { id } } }')
  const order = { number: 'SIDE-1', customerId: mine.data.customers.nodes[0].id }
  const made = await sams('mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }', { order })
  removedOrder = made.data.createOrder.id
  await sams('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id: removedOrder })
})

describe('hidden, removed, foreign and absent rows are one answer', () => {
  const ids = () => ({ hidden: hiddenCustomer, foreign: globex.Customer![0]!, absent })
  const orders = () => ({ removed: removedOrder, foreign: globex.Order![0]!, absent })
  const answersOf = async (query: string, of: Record<string, string>, variables: (id: string) => object) => {
    const texts = await Promise.all(
      Object.values(of).map(async (id) => (await sams(query, variables(id))).text.replaceAll(id, 'ID')),
    )
    expect(new Set(texts).size, texts.join('\n')).toBe(1)
    return texts[0]!
  }

  test('asked for by id', async () => {
    await answersOf('query ($id: UUID!) { customer(id: $id) { id } }', ids(), (id) => ({ id }))
    await answersOf('query ($id: UUID!) { order(id: $id) { id } }', orders(), (id) => ({ id }))
  })

  test('as the target of a new row', async () => {
    const make = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
    const text = await answersOf(make, ids(), (customerId) => ({ order: { number: 'SIDE-2', customerId } }))
    expect(text).toContain('NOT_FOUND')
    const line = 'mutation ($row: OrderLineInput!) { createOrderLine(input: { orderLine: $row }) { id } }'
    const given = exampleRow('OrderLine', acme)
    await answersOf(line, orders(), (orderId) => ({ row: { ...given, orderId } }))
  })

  test('as the new target of a row, and as rows to change, remove, restore and delete', async () => {
    const draft = (await sams('{ orders(first: 1, filter: { status: { equalTo: draft } }) { nodes { id } } }')).data
      .orders.nodes[0].id
    const patch = 'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }'
    expect(await answersOf(patch, ids(), (customerId) => ({ id: draft, patch: { customerId } }))).toContain('NOT_FOUND')
    await answersOf(patch, orders(), (id) => ({ id, patch: { notes: 'x' } }))
    const own = { ...orders() }
    await answersOf('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', own, (id) => ({ id }))
    await answersOf('mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', own, (id) => ({ id }))
    for (const verb of ['update', 'remove', 'restore']) {
      const more = verb === 'update' ? ', patch: { name: "x" }' : ''
      await answersOf(`mutation ($id: UUID!) { ${verb}Customer(input: { id: $id${more} }) { id } }`, ids(), (id) => ({
        id,
      }))
    }
  })

  test('an order is never there by its customer, by its lines or by its invoice', async () => {
    const filters = (id: string) => [
      ...[
        { customerId: { equalTo: id } },
        { customer: { id: { equalTo: id } } },
        { not: { customerId: { notEqualTo: id } } },
      ],
      { lines: { some: { order: { customerId: { equalTo: id } } } } },
    ]
    const query =
      'query ($filter: OrderFilter) { orders(filter: $filter) { totalCount aggregates { distinctCount { id } } } }'
    for (const filter of filters(hiddenCustomer))
      expect((await sams(query, { filter })).data.orders).toEqual({
        totalCount: 0,
        aggregates: { distinctCount: { id: '0' } },
      })
  })
})

describe('counts, sums, groups and orders know visible rows alone:', () => {
  test('filters on related rows see through the eyes of the caller', async () => {
    // Contacts of hidden customers, memberships of others, people: nothing of them can be probed for.
    const { ask } = example()
    const others = await ask('ada', '{ memberships { nodes { id userId } } users { nodes { id name } } }')
    expect(others.data.users.nodes.map(({ name }: { name: string }) => name)).toEqual(['Ada Lindgren'])
    const probe = `{
      byName: customers(filter: { organization: { memberships: { some: { user: { name: { equalTo: "Mia Rossi" } } } } } }) { totalCount }
      byLevel: customers(filter: { organization: { memberships: { some: { level: { equalTo: manager } } } } }) { totalCount }
      byPlacer: orders(filter: { placedBy: { email: { startsWith: "mia" } } }) { totalCount }
      byEmail: customers(filter: { organization: { memberships: { some: { user: { email: { includes: "@" } } } } } }) { totalCount }
    }`
    const { data } = await sams(probe)
    // He works in both of his organisations himself: that is all that this tells.
    expect(data).toEqual({
      byName: { totalCount: 0 },
      byLevel: { totalCount: 0 },
      byPlacer: { totalCount: 0 },
      byEmail: { totalCount: 20 },
    })
  })

  test('a drafted invoice is not there to those who see sent ones, by any way', async () => {
    const drafts = `{ invoices(filter: { status: { equalTo: draft } }) { totalCount aggregates { sum { amount } } } }`
    expect((await example().ask('ada', drafts)).data.invoices.totalCount).toBeGreaterThan(0)
    const { data } = await sams(`{
      invoices(filter: { status: { equalTo: draft } }) { totalCount aggregates { sum { amount } } groupedAggregates(groupBy: [STATUS]) { keys } }
      orders(filter: { invoice: { status: { equalTo: draft } } }) { totalCount }
      not: invoices(filter: { not: { status: { notEqualTo: draft } } }) { totalCount }
      payments(filter: { invoice: { status: { equalTo: draft } } }) { totalCount }
    }`)
    expect(data).toEqual({
      invoices: { totalCount: 0, aggregates: { sum: { amount: '0' } }, groupedAggregates: [] },
      ...{ orders: { totalCount: 0 }, not: { totalCount: 0 }, payments: { totalCount: 0 } },
    })
  })

  test('an order by a hidden related row is an order by null', async () => {
    // Sam sees himself alone: sorted by who placed them, orders of all others are equal and come in order of their ids.
    const { data } = await sams(
      '{ orders(first: 1000, orderBy: [PLACED_BY__NAME_ASC, ID_ASC]) { nodes { id placedById placedBy { id } } } }',
    )
    const rows: { id: string; placedBy: object | null }[] = data.orders.nodes
    const rest = rows.filter(({ placedBy }) => placedBy === null).map(({ id }) => id)
    expect(rest.length).toBeGreaterThan(100)
    expect(rest).toEqual([...rest].sort((a, b) => (a < b ? -1 : 1)))
    const shown = rows.map(({ placedBy }) => placedBy !== null)
    expect(shown).toEqual([...shown].sort((a, b) => Number(b) - Number(a)))
  })

  test('a way through hidden rows ends there', async () => {
    const query =
      '{ products(orderBy: SKU_ASC) { nodes { sku orders { totalCount nodes { id } } lines { totalCount } } } }'
    const [all, some] = [await example().ask('ada', query), await sams(query)]
    const mine = new Set<string>(
      (await sams('{ orders(first: 1000) { nodes { id } } }')).data.orders.nodes.map(({ id }: { id: string }) => id),
    )
    let fewer = 0
    for (const [n, product] of some.data.products.nodes.entries()) {
      for (const { id } of product.orders.nodes) expect(mine.has(id)).toBe(true)
      if (product.orders.totalCount < all.data.products.nodes[n].orders.totalCount) fewer += 1
      expect(product.lines.totalCount).toBeLessThanOrEqual(all.data.products.nodes[n].lines.totalCount)
    }
    expect(fewer).toBe(30)
  })
})

test('a number that the other tenant has is free; one of a hidden row of the same tenant is taken, as SECURITY.md says', async () => {
  const make = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  const customer = async (who: 'gil' | 'sam') =>
    (await example().ask(who, '{ customers(first: 1) { nodes { id } } }')).data.customers.nodes[0].id
  const order = { number: 'SO-01400', customerId: await customer('gil') }
  const made = await example().ask('gil', make, { order })
  expect(made.errors).toEqual([])
  const hidden = await example().ask(
    'ada',
    'query ($id: UUID!) { orders(first: 1, filter: { customerId: { equalTo: $id } }) { nodes { number } } }',
    { id: hiddenCustomer },
  )
  const { number } = hidden.data.orders.nodes[0]
  const { errors } = await sams(make, { order: { number, customerId: await customer('sam') } })
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'CONFLICT', fields: ['number'] }])
})
