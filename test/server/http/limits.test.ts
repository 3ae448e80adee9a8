import { buildSchema, type DocumentNode, getIntrospectionQuery, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { defaultOperationLimits } from '../../../server/config/limits.ts'
import { countRows } from '../../../server/http/limits/count-rows.ts'
import { measureDocument } from '../../../server/http/limits/measure-document.ts'
import { useShopServer } from '../client.ts'

const { maxFields, maxRows } = defaultOperationLimits
const countFields = (document: DocumentNode) => measureDocument(document).fields

/** 2ⁿ fields in a few hundred bytes. */
function doubled(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)
  return `{ ...f0 } ${fragments.join(' ')} fragment f${levels} on Query { __typename }`
}

describe('fields', () => {
  test('counts a fragment wherever it is spread, and the spread', () => {
    expect(countFields(parse('{ a b { c } ... on Q { d } }'))).toBe(5)
    expect(countFields(parse('{ ...f ...f } fragment f on Q { a b }'))).toBe(6)
    expect(countFields(parse('query A { a } query B { b }'))).toBe(2)
  })

  test('fragments inside fragments double without taking time; those in a circle end', () => {
    expect(countFields(parse(doubled(60)))).toBeGreaterThan(2 ** 60)
    expect(countFields(parse('{ ...a } fragment a on Q { ...b } fragment b on Q { ...a x }'))).toBeLessThan(10)
  })

  test('the introspection of tools passes', () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
    })
    expect(countFields(parse(query))).toBeLessThan(maxFields)
  })
})

describe('countRows', () => {
  const schema = buildSchema(`
    type Query { orders(first: Int, last: Int, offset: Int): Orders order: Order all(first: Int): OrderConnection }
    type OrderConnection { nodes: [Order] totalCount: Int aggregates: Order groupedAggregates: [Order] }
    type Orders { nodes: [Order] total: Int }
    type Order { id: ID all(first: Int): OrderConnection lines(first: Int, last: Int): Orders customer: Order }
  `)
  const rows = (query: string, variableValues: Record<string, unknown> = {}) =>
    countRows({ schema, document: parse(query), variableValues }, defaultOperationLimits)

  test('multiplies what is nested and adds what is side by side', () => {
    expect(rows('{ order { id customer { id } } }')).toBe(2)
    expect(rows('{ orders(first: 10) { total } }')).toBe(11)
    expect(rows('{ orders(first: 10) { nodes { lines(last: 5) { total } } } }')).toBe(71)
    expect(rows('{ a: orders(first: 1) { total } b: orders(first: 2) { total } }')).toBe(5)
    expect(rows('{ orders { nodes { customer { lines(first: 2) { total } } } } }')).toBe(501)
  })

  test('what is looked up and not there costs as well', () => {
    expect(rows('{ orders(first: 10) { nodes { lines(first: 0) { total } } } }')).toBe(21)
    expect(rows('{ orders(first: 10) { nodes { customer { customer { id } } } } }')).toBe(31)
  })

  test('what passes rows over, counts or sums them up is read for each list, not for each row', () => {
    expect(rows('{ orders(first: 10, offset: 90) { nodes { id } } }')).toBe(101)
    expect(rows('query ($n: Int = 7) { orders(first: 1, offset: $n) { nodes { id } } }')).toBe(9)
    expect(rows('{ all(first: 10) { totalCount ...f } } fragment f on OrderConnection { aggregates { id } }')).toBe(121)
    expect(rows('{ all(first: 10) { nodes { all(first: 2) { groupedAggregates { id } } } } }')).toBe(10_041)
  })

  test('long names of the caller count as rows wherever they are told', () => {
    const [short, long] = ['a'.repeat(31), 'a'.repeat(320)]
    expect(rows(`{ orders(first: 10) { nodes { ${short}: id } } }`)).toBe(11)
    expect(rows(`{ orders(first: 10) { nodes { ${long}: id } } }`)).toBe(411)
    expect(rows(`{ orders(first: 10) { nodes { ...f } } } fragment f on Order { ${long}: customer { id } }`)).toBe(421)
    expect(rows(`{ ${long}: orders(first: 10) { nodes { ${long}: lines(first: 2) { total } } } }`)).toBe(481)
    expect(rows(`{ all(first: 10) { ${long}: totalCount ${long}b: nodes { id } } }`)).toBe(101)
  })

  test('a negative page, which its field refuses, makes up for no other', () => {
    const query = 'query ($n: Int) { less: orders(first: $n) { nodes { id } } orders(first: 10) { total } }'
    expect(rows(query, { n: -5 })).toBe(12)
    expect(rows(query.replace('$n)', '-5)').replace('query ($n: Int)', ''))).toBe(12)
    expect(rows('{ orders(first: 2) { nodes { lines(last: -9) { total } } } }')).toBe(5)
  })

  test('below a batch as often as it has rows, however they are given', () => {
    const batches = buildSchema(`
      type Query { a: Int }
      type Mutation { updateOrders(input: Batch!): Payload }
      input Batch { orders: [Row!]! }
      input Row { id: ID! }
      type Payload { orders: [Order] }
      type Orders { total: Int }
      type Order { lines(first: Int): Orders }
    `)
    const body = '{ orders { lines(first: 10) { total } } }'
    const rowsOf = (text: string, variableValues = {}) =>
      countRows({ schema: batches, document: parse(text), variableValues }, defaultOperationLimits)
    const three = '[{ id: 1 }, { id: 2 }, { id: 3 }]'
    expect(rowsOf(`mutation { updateOrders(input: { orders: ${three} }) ${body} }`)).toBe(36)
    const whole = `mutation ($input: Batch! = { orders: ${three} }) { updateOrders(input: $input) ${body} }`
    expect(rowsOf(whole)).toBe(36)
    expect(rowsOf(whole, { input: { orders: [{ id: 1 }] } })).toBe(12)
    expect(rowsOf(`mutation ($orders: [Row!]! = ${three}) { updateOrders(input: { orders: $orders }) ${body} }`)).toBe(
      36,
    )
  })

  test('reads variables, their defaults, and fragments', () => {
    const query = 'query ($n: Int = 7) { orders(first: $n) { total } }'
    expect(rows(query, { n: 3 })).toBe(4)
    expect(rows(query)).toBe(8)
    expect(rows(query, { n: null })).toBe(101)
    expect(rows('{ ...f ... on Query { ...f } } fragment f on Query { orders(first: 4) { total } }')).toBe(10)
  })
})

describe('over HTTP', () => {
  const shop = useShopServer()

  test('a small request that grows to more than a million fields is refused at once, and the server goes on', async () => {
    const { errors } = await shop().ask(doubled(40))
    expect(errors).toMatchObject([
      { message: expect.stringContaining(`${maxFields} fields`), extensions: { code: 'LIMIT' } },
    ])
    const aliases = Array.from({ length: maxFields }, (_, i) => `a${i}: orders { totalCount }`)
    expect((await shop().ask(`{ ${aliases.join(' ')} }`)).errors[0]?.extensions.code).toBe('LIMIT')
    expect((await shop().ask('{ orders { totalCount } }')).errors).toEqual([])
  })

  test('pages end at 1,000 rows', async () => {
    for (const argument of ['first', 'last']) {
      const { errors } = await shop().ask(`query ($n: Int) { orders(${argument}: $n) { nodes { id } } }`, { n: 1001 })
      expect(errors).toMatchObject([
        { message: expect.stringContaining('1000 at most'), extensions: { code: 'LIMIT' } },
      ])
    }
    expect((await shop().ask('{ orders(first: 1000) { nodes { id } } }')).errors).toEqual([])
  })

  test('nested pages that multiply to too many rows are refused before any is read', async () => {
    const query = `query ($n: Int) { orders(first: $n) { nodes { customer { orders(first: $n) { nodes { customer { orders(first: $n) { totalCount nodes { id } } } } } } } } }`
    const { errors } = await shop().ask(query, { n: 1000 })
    expect(errors).toMatchObject([
      { message: expect.stringContaining(`${maxRows} rows`), extensions: { code: 'LIMIT' } },
    ])
    expect((await shop().ask(query, { n: 2 })).errors).toEqual([])
    const less = query.replace('{ orders', '{ less: orders(first: -2147483648) { totalCount nodes { id } } orders')
    expect((await shop().ask(less, { n: 1000 })).errors[0]?.extensions.code).toBe('LIMIT')
  })
})
