import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FencedExecutor } from '../../../server/graphql/fenced-executor.ts'
import { useExampleServer } from '../../support/example-server.ts'

const example = useExampleServer()

/** How often a statement that was written before was sent, and how often Grafast wrote one. */
let known = 0
let written = 0
beforeEach(() => {
  known = 0
  written = 0
  const { rowsOf, executeWithCache } = FencedExecutor.prototype
  vi.spyOn(FencedExecutor.prototype, 'rowsOf').mockImplementation(function (this: FencedExecutor, ...given) {
    known++
    return rowsOf.apply(this, given)
  })
  vi.spyOn(FencedExecutor.prototype, 'executeWithCache').mockImplementation(function (this: FencedExecutor, ...given) {
    written++
    return executeWithCache.apply(this, given)
  })
})
afterEach(() => vi.restoreAllMocks())

interface Row {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly sku: string
  readonly status: string
  readonly customer: object
}

interface Data {
  readonly [field: string]: { readonly nodes: readonly Row[]; readonly edges: readonly { readonly cursor: string }[] }
}

async function ask(query: string, variables: object = {}, who: 'sam' | 'ada' | 'gil' = 'sam') {
  const { data, errors } = await example().ask(who, query, variables)
  expect(errors).toEqual([])
  return data as Data
}

test('a statement is written once, and given the values of each request', async () => {
  const { orders } = await ask('{ orders(first: 3, orderBy: NUMBER_ASC) { nodes { id number customer { name } } } }')
  const query = 'query ($id: UUID!) { order(id: $id) { number customer { name } } }'
  known = written = 0
  for (const { id, number, customer } of orders!.nodes)
    expect(await ask(query, { id })).toEqual({ order: { number, customer } })
  expect([written, known]).toEqual([1, 2])
})

test('each size of a page has its own, and knows whether there is more', async () => {
  const query = `query ($first: Int, $offset: Int) { products(first: $first, offset: $offset, orderBy: SKU_ASC) {
    nodes { sku } pageInfo { hasNextPage hasPreviousPage } } }`
  const all = (await ask(query, { first: 100 })).products!.nodes.map(({ sku }) => sku)
  expect(all.length).toBeGreaterThan(8)
  const pages = [
    [2, 0],
    [3, 1],
    [all.length, 0],
    [all.length - 1, 0],
    [0, 0],
    [1, all.length - 1],
    [4, undefined],
    [5, 2],
    [6, 2],
  ] as const
  for (const [first, offset] of [...pages, ...pages, ...pages.toReversed()]) {
    const from = offset ?? 0
    expect((await ask(query, { first, offset })).products).toEqual({
      nodes: all.slice(from, from + first).map((sku) => ({ sku })),
      pageInfo: { hasNextPage: from + first < all.length, hasPreviousPage: first > 0 && from > 0 },
    })
  }
  expect(known).toBeGreaterThan(5)
})

test('nobody is given the rows of who asked before, nor rows as they were', async () => {
  const query =
    '{ customers(first: 50, orderBy: NAME_ASC) { nodes { id name orders(first: 2) { nodes { number } } } } }'
  const names = async (who: 'sam' | 'ada' | 'gil') =>
    (await ask(query, {}, who)).customers!.nodes.map(({ name }) => name)
  const found = [await names('ada'), await names('gil'), await names('sam')] as const
  expect(new Set(found.flat()).size).toBeGreaterThanOrEqual(found[0].length + found[1].length)
  expect(found[2]).not.toEqual(found[0])
  expect([await names('ada'), await names('gil'), await names('sam')]).toEqual(found)
  expect(known).toBe(5)
  const { customers } = await ask(query)
  const change = `mutation ($id: UUID!, $name: String!) { updateCustomer(input: { id: $id, patch: { name: $name } }) { customer { name } } }`
  await ask(change, { id: customers!.nodes[0]!.id, name: 'Aa renamed' })
  expect((await names('sam'))[0]).toBe('Aa renamed')
})

test('what a value of a request decides is written for each request', async () => {
  const query = `query ($filter: OrderFilter, $orderBy: [OrderOrderBy!]) {
    orders(first: 2, filter: $filter, orderBy: $orderBy) { totalCount nodes { status number } } }`
  const asked = async (status: string, orderBy: string) => {
    const { orders } = await ask(query, { filter: { status: { equalTo: status } }, orderBy })
    return orders!
  }
  const [shipped, draft] = [await asked('shipped', 'NUMBER_ASC'), await asked('draft', 'NUMBER_DESC')]
  expect([shipped.nodes[0]!.status, draft.nodes[0]!.status]).toEqual(['shipped', 'draft'])
  expect([await asked('shipped', 'NUMBER_ASC'), await asked('draft', 'NUMBER_DESC')]).toEqual([shipped, draft])
  expect((await asked('shipped', 'NUMBER_DESC')).nodes).not.toEqual(shipped.nodes)
  expect(known).toBe(0)
})

test('pages from the end and behind a cursor are as they were', async () => {
  const query = `query ($last: Int, $after: Cursor) { products(last: $last, after: $after, orderBy: SKU_ASC) {
    edges { cursor node { sku } } } }`
  const all = (await ask(query)).products!.edges
  for (let time = 0; time < 3; time++) {
    expect((await ask(query, { last: 2 })).products!.edges).toEqual(all.slice(-2))
    expect((await ask(query, { after: all[0]!.cursor })).products!.edges).toEqual(all.slice(1))
  }
})

test('lists inside of lists have their own sizes', async () => {
  const query = `query ($outer: Int, $inner: Int) { orders(first: $outer, orderBy: NUMBER_ASC) {
    nodes { lines(first: $inner, orderBy: ORDER_POSITION_ASC) { nodes { id } pageInfo { hasNextPage } } } } }`
  const all = (await ask(query, { outer: 4, inner: 50 })).orders!.nodes as unknown as readonly Order[]
  expect(Math.max(...all.map(({ lines }) => lines.nodes.length))).toBeGreaterThan(2)
  const sizes = [
    [2, 1],
    [2, 2],
    [3, 1],
    [4, undefined],
  ] as const
  for (const [outer, inner] of [...sizes, ...sizes]) {
    expect((await ask(query, { outer, inner })).orders!.nodes).toEqual(
      all.slice(0, outer).map(({ lines: { nodes } }) => ({
        lines: { nodes: nodes.slice(0, inner), pageInfo: { hasNextPage: nodes.length > (inner ?? nodes.length) } },
      })),
    )
  }
  expect(known).toBe(4)
})

interface Order {
  readonly lines: { readonly nodes: readonly Row[] }
}
