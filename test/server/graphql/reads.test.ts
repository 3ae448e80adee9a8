import { describe, expect, test } from 'vitest'
import { useShopServer } from '../client.ts'
import { acme, gil, globex, sam, shopId } from '../shop.ts'

const shop = useShopServer()

describe('reads', () => {
  test('a list with its relations, by the names of the model', async () => {
    const { data, errors } = await shop().ask(`{
      orders(first: 2, orderBy: [NUMBER_DESC]) {
        totalCount
        pageInfo { hasNextPage }
        nodes {
          number total status customerId
          customer { name region accountManager { name } }
          lines { totalCount nodes { quantity unitPrice product { sku } } }
          products { nodes { sku } }
          invoice { number dueOn order { number } }
        }
      }
    }`)
    expect(errors).toEqual([])
    expect(data.orders.totalCount).toBe(120)
    expect(data.orders.pageInfo.hasNextPage).toBe(true)
    expect(data.orders.nodes[0]).toEqual({
      number: 'SO-99',
      total: '990.99',
      status: 'draft',
      customerId: shopId('customer', 'a', 4),
      customer: { name: 'Acme customer 4', region: 'eu', accountManager: null },
      lines: { totalCount: 0, nodes: [] },
      products: { nodes: [] },
      invoice: null,
    })
  })

  test('one row by id, many through another entity once each, one by a unique back reference', async () => {
    const { data } = await shop().ask(
      `query ($id: UUID!) {
      order(id: $id) {
        lines(orderBy: [QUANTITY_ASC]) { nodes { quantity unitPrice } }
        products { totalCount nodes { sku } edges { orderLines { totalCount } } }
        invoice { number dueOn order { number } }
      }
    }`,
      { id: shopId('order', 'a', 2) },
    )
    expect(data.order).toEqual({
      lines: {
        nodes: [
          { quantity: 1, unitPrice: '1.2345' },
          { quantity: 2, unitPrice: '1.2345' },
        ],
      },
      products: { totalCount: 1, nodes: [{ sku: 'P2' }], edges: [{ orderLines: { totalCount: 2 } }] },
      invoice: { number: 'I-SO-2', dueOn: '2026-12-24', order: { number: 'SO-2' } },
    })
  })

  test('a to-one that the caller may not read is null', async () => {
    const { data, errors } = await shop().ask(
      'query ($id: UUID!) { order(id: $id) { customerId customer { name } } }',
      {
        id: shopId('order', 'a', 2),
      },
    )
    expect(errors).toEqual([])
    expect(data.order).toEqual({ customerId: shopId('customer', 'a', 3), customer: null })
  })

  test('filters reach through relations, choices are enums', async () => {
    const { data, errors } = await shop().ask(`{
      orders(filter: {
        status: { equalTo: placed }
        customer: { region: { equalTo: eu } }
        lines: { some: { product: { sku: { in: ["P2", "P4"] } } } }
      }) { totalCount aggregates { sum { total } max { createdAt } } groupedAggregates(groupBy: [STATUS]) { keys distinctCount { id } } }
      customers(filter: { region: { equalTo: us_east } }) { totalCount }
    }`)
    expect(errors).toEqual([])
    expect(data.orders.totalCount).toBe(16)
    expect(data.orders.groupedAggregates).toEqual([{ keys: ['placed'], distinctCount: { id: '16' } }])
    expect(data.customers.totalCount).toBe(0)
  })

  test('a filter without conditions is met by every row, one with null is refused', async () => {
    expect((await shop().ask('{ orders(filter: {}) { totalCount } }')).data.orders.totalCount).toBe(120)
    const { errors } = await shop().ask('{ orders(filter: { number: { equalTo: null } }) { totalCount } }')
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test.each([
    ['lines: { some: {} }', 48],
    ['lines: { none: {} }', 72],
    ['lines: { every: {} }', 120],
    ['not: { lines: { some: {} } }', 72],
    ['products: { some: {} }', 48],
    ['products: { none: {} }', 72],
    ['linesExist: true', 48],
  ])('%s asks whether there are any', async (filter, count) => {
    const { data, errors } = await shop().ask(`{ orders(filter: { ${filter} }) { totalCount } }`)
    expect(errors).toEqual([])
    expect(data.orders.totalCount).toBe(count)
  })

  test.each([
    'CUSTOMER__NAME_DESC, STATUS_ASC, NUMBER_ASC',
    'CUSTOMER__NAME_ASC',
    'WANTED_ON_ASC',
    'WANTED_ON_DESC',
    'WANTED_ON_ASC_NULLS_FIRST',
    'WANTED_ON_DESC_NULLS_LAST, NUMBER_DESC',
    'WEIGHT_ASC',
    'FEE_ASC',
    'FEE_DESC_NULLS_LAST',
    'SERIAL_ASC',
    'DELIVER_AT_ASC',
    'LEAD_ASC',
    'LINES__COUNT_DESC',
    'LINES_MIN_UNIT_PRICE_ASC',
    'TOTAL_DESC',
  ])('every row is on exactly one page, forwards and backwards, ordered by %s', async (order) => {
    const forwards = await pages(order, 'first', 'after')
    expect(new Set(forwards).size).toBe(120)
    expect(forwards).toHaveLength(120)
    const backwards = await pages(order, 'last', 'before')
    expect(backwards).toEqual(forwards)
  })

  test.each([
    ['WANTED_ON_ASC_NULLS_FIRST', 'wanted_on asc nulls first, id asc'],
    ['WANTED_ON_DESC_NULLS_LAST', 'wanted_on desc nulls last, id desc'],
    ['WANTED_ON_ASC', 'wanted_on asc, id asc'],
    ['WANTED_ON_DESC', 'wanted_on desc, id desc'],
    ['STATUS_ASC, WANTED_ON_DESC_NULLS_LAST', 'status asc, wanted_on desc nulls last, id asc'],
  ])('null is where it was asked to be, and ties are as with the usual order: %s', async (order, inSql) => {
    const numbers = await shop().database.asOwner((client) =>
      client.query(
        `select number from app."order" where tenant_id = '${acme}' and deleted_at is null order by ${inSql}`,
      ),
    )
    const expected = numbers.rows.map(({ number }) => number)
    expect(await pages(order, 'first', 'after')).toEqual(expected)
    const { data, errors } = await shop().ask(
      `{ orders(distinctOn: [WANTED_ON], orderBy: [${order}], first: 1) { nodes { number } } }`,
    )
    expect(errors).toEqual([])
    expect(data.orders.nodes).toEqual([{ number: expected[0] }])
  })

  test('only what may be null is ordered so', async () => {
    const { data } = await shop().ask('{ __type(name: "OrderOrderBy") { enumValues { name } } }')
    const names = data.__type.enumValues.map((each: { name: string }) => each.name)
    expect(names.filter((name: string) => name.includes('NULLS')).join(' ')).toMatchInlineSnapshot(
      `"WANTED_ON_ASC_NULLS_FIRST WANTED_ON_DESC_NULLS_LAST WEIGHT_ASC_NULLS_FIRST WEIGHT_DESC_NULLS_LAST SERIAL_ASC_NULLS_FIRST SERIAL_DESC_NULLS_LAST DELIVER_AT_ASC_NULLS_FIRST DELIVER_AT_DESC_NULLS_LAST FEE_ASC_NULLS_FIRST FEE_DESC_NULLS_LAST LEAD_ASC_NULLS_FIRST LEAD_DESC_NULLS_LAST PLACED_BY_ID_ASC_NULLS_FIRST PLACED_BY_ID_DESC_NULLS_LAST"`,
    )
  })

  test('lists end after 100 rows unless told otherwise', async () => {
    const count = async (args: string) =>
      (await shop().ask(`{ orders${args} { nodes { id } } }`)).data?.orders?.nodes.length
    expect(await count('')).toBe(100)
    expect(await count('(first: 120)')).toBe(120)
    expect(await count('(last: 3)')).toBe(3)
    expect(await count('(offset: 110)')).toBe(10)
    const { data } = await shop().ask('{ orders(last: 2, orderBy: [CREATED_AT_ASC, ID_ASC]) { nodes { number } } }')
    expect(data.orders.nodes.map((node: { number: string }) => node.number)).toEqual(['SO-119', 'SO-120'])
    expect((await shop().ask('{ orders(first: -1) { nodes { id } } }')).errors[0]).toMatchObject({
      message: '"first" counts rows; it cannot be negative.',
      extensions: { code: 'VALIDATION' },
    })
  })

  test('a global id finds its row again, and no other', async () => {
    const { data } = await shop().ask('query ($id: UUID!) { order(id: $id) { nodeId } }', {
      id: shopId('order', 'a', 1),
    })
    const again = await shop().ask(
      'query ($nodeId: ID!) { node(nodeId: $nodeId) { ... on Order { number } } }',
      data.order,
    )
    expect(again.data.node).toEqual({ number: 'SO-1' })
    expect((await shop().ask('{ node(nodeId: "nonsense") { nodeId } }')).data.node).toBeNull()
  })
})

/** Numbers of all orders, read page by page. */
async function pages(order: string, count: 'first' | 'last', from: 'after' | 'before'): Promise<readonly string[]> {
  const query = `query ($cursor: Cursor) {
    orders(${count}: 25, ${from}: $cursor, orderBy: [${order}]) {
      nodes { number } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }`
  let numbers: string[] = []
  for (let cursor: string | null = null, page = 0; page < 10; page++) {
    const { data, errors } = await shop().ask(query, { cursor })
    expect(errors).toEqual([])
    const { nodes, pageInfo } = data.orders
    const found = nodes.map((node: { number: string }) => node.number)
    numbers = count === 'first' ? [...numbers, ...found] : [...found, ...numbers]
    if (!(count === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break
    cursor = count === 'first' ? pageInfo.endCursor : pageInfo.startCursor
  }
  return numbers
}

describe('tenants', () => {
  test('nobody sees the other tenant, by any argument', async () => {
    const other = shopId('order', 'b', 1)
    const gils = await shop().token({ sub: gil, tenant: globex })
    expect(
      (await shop().ask('query ($id: UUID!) { order(id: $id) { number } }', { id: other }, gils)).data.order,
    ).toEqual({ number: 'SO-1' })
    const attacks = `query ($id: UUID!, $nodeId: ID!) {
      byId: order(id: $id) { number }
      byNode: node(nodeId: $nodeId) { nodeId }
      byFilter: orders(filter: { id: { in: [$id] } }) { totalCount }
      byRelation: customers(filter: { orders: { some: { id: { equalTo: $id } } } }) { totalCount }
      byText: customers(filter: { or: [{ name: { startsWith: "Globex" } }, { orders: { every: { id: { equalTo: $id } } } }] }) { totalCount }
      all: customers { nodes { name } aggregates { distinctCount { id } max { createdAt } } }
    }`
    const nodeId = Buffer.from(JSON.stringify(['Order', other])).toString('base64')
    const { data, errors } = await shop().ask(attacks, { id: other, nodeId })
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      byId: null,
      byFilter: { totalCount: 0 },
      byRelation: { totalCount: 0 },
      byText: { totalCount: 0 },
    })
    expect(data.byNode).toBeNull()
    expect(data.all.nodes.every((node: { name: string }) => node.name.startsWith('Acme'))).toBe(true)
    expect(data.all.aggregates.distinctCount.id).toBe('4')
  })

  test('a token without a tenant sees rows of no tenant alone', async () => {
    const token = await shop().token({ tenant: undefined as never })
    const { data, errors } = await shop().ask('{ orders { totalCount } users { totalCount } }', null, token)
    expect(errors).toEqual([])
    expect(data).toEqual({ orders: { totalCount: 0 }, users: { totalCount: 3 } })
  })

  test('who may not read at all is told so, without a name of the database', async () => {
    const token = await shop().token({ sub: sam, tenant: acme, roles: [] })
    for (const bearer of [token, null]) {
      const { status, data, errors } = await shop().ask('{ orders { totalCount } }', null, bearer)
      expect(status).toBe(200)
      expect(data).toEqual({ orders: null })
      expect(errors).toMatchObject([
        { message: 'No rule allows this.', path: ['orders', 'totalCount'], extensions: { code: 'FORBIDDEN' } },
      ])
    }
  })
})
