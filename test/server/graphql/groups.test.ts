import { beforeAll, describe, expect, test } from 'vitest'
import { useShopServer } from '../client.ts'
import { acme, gil, globex, shopId } from '../shop.ts'

const shop = useShopServer()

/** Groups of all orders: keys and how many there are. */
async function groups(args: string, field = 'orders'): Promise<readonly (readonly [string, number])[]> {
  const { data, errors } = await shop().ask(
    `{ ${field}(first: 0) { groupedAggregates(${args}) { keys distinctCount { id } } } }`,
  )
  expect(errors).toEqual([])
  const found: readonly { keys: readonly (string | null)[]; distinctCount: { id: string } }[] =
    data[field].groupedAggregates
  return found.map(({ keys, distinctCount }) => [keys.join(' '), Number(distinctCount.id)])
}

beforeAll(async () => {
  await shop().database.asOwner(async (client) => {
    // Around midnight, the end of a month and of a year; SO-119 and SO-120 are made in the night when clocks change in Berlin.
    await client.query(`update app."order" set created_at = timestamptz '2025-12-31 22:30+00' + (right(number, -3)::int - 1) * interval '1 hour',
      fee = right(number, -3)::int * 101`)
    await client.query(
      `update app."order" set created_at = case number when 'SO-119' then timestamptz '2026-10-25 00:30+00' else '2026-10-25 01:30+00' end where number in ('SO-119', 'SO-120')`,
    )
    await client.query(
      `insert into app.product (tenant_id, sku, name) select '${acme}', 'G' || n, 'Group ' || n from generate_series(1, 1100) n`,
    )
  })
})

test('groups end after 1,000 in the order of their keys, also inside other lists', async () => {
  const grouped = 'groupedAggregates(groupBy: [SKU]) { keys }'
  const { data, errors } = await shop().ask(
    `{ products(first: 0) { totalCount ${grouped} } orders(first: 3) { nodes { products { ${grouped} } } } }`,
  )
  expect(errors).toEqual([])
  expect([data.products.totalCount, data.products.groupedAggregates.length]).toEqual([1104, 1000])
  const keys = data.products.groupedAggregates.map((group: { keys: readonly string[] }) => group.keys[0])
  expect(keys).toEqual(keys.toSorted())
  expect(data.orders.nodes).toHaveLength(3)
})

describe('intervals', () => {
  test.each([
    ['HOUR', '2025-12-31T22:00:00.000000+00:00', 1],
    ['DAY', '2025-12-31', 2],
    ['WEEK', '2025-12-29', 98],
    ['MONTH', '2025-12-01', 2],
    ['QUARTER', '2025-10-01', 2],
    ['YEAR', '2025-01-01', 2],
  ])('instants by %s', async (unit, first, count) => {
    const found = await groups(`groupBy: [CREATED_AT_TRUNCATED_TO_${unit}]`)
    expect(found[0]).toEqual([first, count])
    expect(found.reduce((sum, [, each]) => sum + each, 0)).toBe(120)
  })

  test('in a time zone days begin when they do there', async () => {
    const zoned = (zone: string) => groups(`timeZone: "${zone}", groupBy: [CREATED_AT_TRUNCATED_TO_YEAR]`)
    expect(await zoned('UTC')).toEqual([
      ['2025-01-01', 2],
      ['2026-01-01', 118],
    ])
    expect(await zoned('Europe/Berlin')).toEqual([
      ['2025-01-01', 1],
      ['2026-01-01', 119],
    ])
    expect(await zoned('America/New_York')).toEqual([
      ['2025-01-01', 7],
      ['2026-01-01', 113],
    ])
  })

  test('a night of 25 hours is one day, and an hour that comes twice is two', async () => {
    const filter = 'filter: { number: { in: ["SO-119", "SO-120"] } }, first: 0'
    const keys = async (unit: string) => {
      const { data } = await shop().ask(
        `query ($zone: String) { orders(${filter}) { groupedAggregates(timeZone: $zone, groupBy: [CREATED_AT_TRUNCATED_TO_${unit}]) { keys } } }`,
        { zone: 'Europe/Berlin' },
      )
      return data.orders.groupedAggregates.map((group: { keys: readonly string[] }) => group.keys[0])
    }
    expect(await keys('DAY')).toEqual(['2026-10-25'])
    expect(await keys('HOUR')).toEqual(['2026-10-25T00:00:00.000000+00:00', '2026-10-25T01:00:00.000000+00:00'])
  })

  test('days by week, month, quarter and year; those without one are a group', async () => {
    expect(await groups('groupBy: [WANTED_ON_TRUNCATED_TO_MONTH]')).toEqual([
      ['2026-01-01', 55],
      ['2026-02-01', 25],
      ['', 40],
    ])
    expect(await groups('groupBy: [WANTED_ON_TRUNCATED_TO_QUARTER, STATUS]')).toEqual([
      ['2026-01-01 draft', 40],
      ['2026-01-01 placed', 40],
      [' draft', 20],
      [' placed', 20],
    ])
  })

  test.each(['+02', 'Nowhere/Land', "UTC'; drop table app.item; --", ''])('%j is no time zone', async (zone) => {
    const { errors } = await shop().ask(
      'query ($zone: String) { orders { groupedAggregates(timeZone: $zone, groupBy: [STATUS]) { keys } } }',
      { zone },
    )
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: ['timeZone'] } }])
  })
})

describe('having', () => {
  const byProduct = (having: string) => groups(`groupBy: [PRODUCT_ID], having: ${having}`, 'orderLines')

  test.each([
    ['{ distinctCount: { id: { greaterThan: "23" } } }', 4],
    ['{ distinctCount: { id: { greaterThan: "24" } } }', 0],
    ['{ average: { quantity: { greaterThan: "1.49", lessThan: "1.51" } } }', 4],
    ['{ sum: { quantity: { in: ["36"] } }, max: { quantity: { equalTo: 2 } } }', 4],
    ['{ not: { min: { quantity: { equalTo: 1 } } } }', 0],
    ['{ or: [{ sum: { quantity: { lessThan: "1" } } }, { and: [{ average: { unitPrice: { isNull: false } } }] }] }', 4],
    ['{ or: [{ sum: { quantity: { lessThan: "1" } } }, { max: { createdAt: { lessThan: "2000-01-01" } } }] }', 0],
    ['{}', 4],
  ])('%s', async (having, found) => {
    expect(await byProduct(having)).toHaveLength(found)
  })

  test('days and cents are what they are', async () => {
    const found = await groups(
      'groupBy: [CUSTOMER_ID], having: { max: { wantedOn: { greaterThan: "2026-02-15" } }, sum: { fee: { greaterThan: "12.34" } } }',
    )
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(6)
  })

  test('null is no value to compare with', async () => {
    const { errors } = await shop().ask(
      '{ orders { groupedAggregates(groupBy: [STATUS], having: { sum: { total: { greaterThan: null } } }) { keys } } }',
    )
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test('there is no sum of instants to ask for', async () => {
    const { errors } = await shop().ask(
      '{ orders { groupedAggregates(groupBy: [STATUS], having: { sum: { createdAt: { isNull: true } } }) { keys } } }',
    )
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })
})

test('money kept in cents is summed, averaged and ordered by in whole units', async () => {
  const { data, errors } = await shop().ask(`{
    orders(filter: { number: { in: ["SO-1", "SO-2"] } }) { aggregates { sum { fee } average { fee } min { fee } max { fee } } }
    customers(orderBy: [ORDERS_SUM_FEE_DESC], filter: { orders: { aggregates: { sum: { fee: { greaterThan: "1240" } } } } }) { nodes { id } }
  }`)
  expect(errors).toEqual([])
  expect(data.orders.aggregates).toMatchObject({ sum: { fee: '3.03' }, min: { fee: '1.01' }, max: { fee: '2.02' } })
  expect(Number(data.orders.aggregates.average.fee)).toBe(1.515)
  expect(data.customers.nodes).toEqual([{ id: shopId('customer', 'a', 1) }])
})

describe('distinctOn', () => {
  const first = `query ($on: [OrderGroupBy!], $order: [OrderOrderBy!], $filter: OrderFilter, $first: Int, $last: Int, $after: Cursor, $before: Cursor) {
    orders(distinctOn: $on, orderBy: $order, filter: $filter, first: $first, last: $last, after: $after, before: $before) {
      totalCount nodes { number } aggregates { distinctCount { id customerId } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }`
  const numbersOf = (list: { nodes: readonly { number: string }[] }) => list.nodes.map(({ number }) => number)

  test('gives the first of each group in the order of the list, and counts no others', async () => {
    const { data, errors } = await shop().ask(
      '{ orders(distinctOn: [CUSTOMER_ID], orderBy: [TOTAL_DESC]) { totalCount nodes { number } aggregates { distinctCount { id customerId } } } }',
    )
    expect(errors).toEqual([])
    expect(numbersOf(data.orders)).toEqual(['SO-120', 'SO-119', 'SO-118', 'SO-117', 'SO-116', 'SO-115'])
    expect(data.orders.totalCount).toBe(6)
    expect(data.orders.aggregates.distinctCount).toEqual({ id: '6', customerId: '6' })
  })

  test('chooses among the rows that the filter leaves', async () => {
    const { data } = await shop().ask(first, {
      on: ['CUSTOMER_ID'],
      order: ['TOTAL_DESC'],
      filter: {
        or: [
          { number: { equalTo: 'SO-7' } },
          { lines: { some: { quantity: { equalTo: 2 } } }, total: { lessThan: '200' } },
        ],
      },
    })
    expect(numbersOf(data.orders)).toEqual(['SO-14', 'SO-13', 'SO-12', 'SO-11', 'SO-4', 'SO-3'])
  })

  test('pages forwards and backwards, by any order', async () => {
    const on = ['WANTED_ON_TRUNCATED_TO_WEEK', 'STATUS']
    for (const order of [['CUSTOMER__NAME_DESC', 'WANTED_ON_ASC'], ['LINES__COUNT_DESC'], ['WANTED_ON_DESC'], null]) {
      const whole = (await shop().ask(first, { on, order: order ?? undefined })).data.orders
      expect(whole.nodes).toHaveLength(whole.totalCount)
      const read = async (way: 'first' | 'last') => {
        let found: readonly string[] = []
        for (let cursor: string | null = null, page = 0; page < 30; page++) {
          const { data, errors } = await shop().ask(first, {
            ...{ on, order: order ?? undefined, [way]: 4, [way === 'first' ? 'after' : 'before']: cursor },
          })
          expect(errors).toEqual([])
          const { pageInfo } = data.orders
          found = way === 'first' ? [...found, ...numbersOf(data.orders)] : [...numbersOf(data.orders), ...found]
          if (!(way === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break
          cursor = way === 'first' ? pageInfo.endCursor : pageInfo.startCursor
        }
        return found
      }
      expect(await read('first')).toEqual(numbersOf(whole))
      expect(await read('last')).toEqual(numbersOf(whole))
    }
  })

  test('inside of other rows the groups are those of each row', async () => {
    const query = (args: string) =>
      `{ customers(orderBy: [NAME_ASC]) { nodes { orders(${args}) { totalCount nodes { number } } } } }`
    const { data, errors } = await shop().ask(query('distinctOn: [STATUS], orderBy: [TOTAL_ASC], first: 1'))
    expect(errors).toEqual([])
    expect(
      data.customers.nodes.map(
        ({ orders }: { orders: { totalCount: number; nodes: readonly { number: string }[] } }) => [
          orders.totalCount,
          ...numbersOf(orders),
        ],
      ),
    ).toEqual([
      [1, 'SO-6'],
      [1, 'SO-1'],
      [1, 'SO-3'],
      [1, 'SO-4'],
    ])
  })

  test('chooses no row of another tenant, nor one that is removed', async () => {
    await shop().database.asOwner((client) =>
      client.query(`update app."order" set deleted_at = now() where tenant_id = $1 and number = 'SO-120'`, [globex]),
    )
    const gils = await shop().token({ sub: gil, tenant: globex })
    const { data, errors } = await shop().ask(first, { on: ['URGENT'], order: ['TOTAL_DESC'] }, gils)
    expect(errors).toEqual([])
    expect([data.orders.totalCount, numbersOf(data.orders)]).toEqual([1, ['SO-119']])
  })

  test('no group, no choice', async () => {
    expect((await shop().ask(first, { on: [], first: 1 })).data.orders.totalCount).toBe(120)
    expect((await shop().ask(first, { on: null, first: 1 })).data.orders.totalCount).toBe(120)
  })
})
