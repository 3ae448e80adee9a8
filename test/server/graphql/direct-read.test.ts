import { type ExecutionResult, type GraphQLError, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema, type GraphqlApi } from '../../../server/graphql/create-graphql-schema.ts'
import { DirectRead } from '../../../server/graphql/direct/direct-read.ts'
import { hiddenEntities } from '../../../server/graphql/hidden-entities.ts'
import { executeOperation } from '../../../server/http/execute-operation.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { RequestTransaction } from '../../../server/postgres/request-transaction.ts'
import { acme, sam, shopId, useShop } from '../shop.ts'

const shop = useShop()
let api: GraphqlApi
let pool: RequestPool

beforeAll(() => {
  const { model, database } = shop()
  api = createGraphqlSchema(model)
  pool = new RequestPool({ connectionString: database.loginUrl, max: 1, statementTimeoutMs: 5_000 })
})
afterAll(() => pool.close())

type Variables = Readonly<Record<string, unknown>>

/** How a document is asked for once more. */
interface Asking {
  readonly variables?: Variables
  /** As the fast path has it. */
  readonly isFast?: boolean
  readonly roles?: readonly string[]
}

/** Asks for one document time and again. Says whether it went without Grafast. */
function asker(text: string) {
  const document = parse(text)
  return async ({ variables = {}, isFast = true, roles = ['sales'] }: Asking = {}) => {
    const { model } = shop()
    const run = vi.spyOn(DirectRead.prototype, 'run')
    try {
      const pgSettings = {
        role: roleSetName(model.app, roles),
        'rowhouse.tenant_id': acme,
        'rowhouse.actor_id': sam,
        'rowhouse.claim_region': 'eu',
        'rowhouse.claim_max_discount': '',
      }
      const contextValue = { pgSettings, rowhouseModel: model, roles, hidden: hiddenEntities(model, roles), pool }
      const args = { schema: api.schema, document, variableValues: { ...variables }, contextValue }
      const result = told(await executeOperation(api, { ...args, outputDataAsString: isFast }))
      const answers = await Promise.all(run.mock.results.map(({ value }) => value as Promise<string | null>))
      return { result, isDirect: answers.some((answer) => answer !== null), tries: answers.length }
    } finally {
      run.mockRestore()
    }
  }
}

/** By Grafast, which plans the document; as the fast path does; and by Grafast as the general path does. */
async function askThrice(text: string, variables: Variables = {}) {
  const ask = asker(text)
  const planning = await ask({ variables })
  const second = await ask({ variables })
  const general = await ask({ variables, isFast: false })
  return { planning, second, general }
}

/** What a caller can tell of an answer. */
function told({ data, errors }: ExecutionResult): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? null)
  return `${text}${JSON.stringify(errors?.map(toldOf) ?? null)}`
}

function toldOf({ message, path, locations, originalError }: GraphQLError): unknown {
  const { code } = (originalError ?? {}) as { readonly code?: unknown }
  return { message, path, locations, type: originalError?.constructor.name, code }
}

const order = shopId('order', 'a', 2)
const customer = shopId('customer', 'a', 1)
const nobody = '00000000-0000-7000-8000-00000000dead'
const byId =
  'query ($id: UUID!) { it: order(id: $id) { __typename number total wantedOn customer { name } placedBy { name } } }'

describe('is read without Grafast, and answered as by Grafast', () => {
  test.each<[string, string, Variables?]>([
    ['a row', byId, { id: order }],
    ['no row', byId, { id: nobody }],
    ['a row that is hidden', 'query ($id: UUID!) { customer(id: $id) { name } }', { id: shopId('customer', 'a', 3) }],
    ['a row of another tenant', byId, { id: shopId('order', 'b', 2) }],
    [
      'a list',
      '{ orders(first: 5, orderBy: NUMBER_ASC) { nodes { id number status total fee lead deliverAt urgent } } }',
    ],
    ['an empty list', '{ orders(filter: { number: { equalTo: "none" } }) { nodes { number } } }'],
    ['no rows of a list', '{ orders(first: 0) { nodes { number } } }'],
    ['a list of the default size', '{ customers { nodes { name region } } }'],
    [
      'lists in lists',
      `{ customers(first: 3, orderBy: NAME_DESC) { nodes { name orders(first: 2, orderBy: NUMBER_ASC) { nodes {
        number lines(first: 2, orderBy: QUANTITY_DESC) { nodes { quantity unitPrice product { sku name } } } invoice { number order { id } } } } } } }`,
    ],
    [
      'pages by variables',
      'query ($n: Int, $o: Int) { orders(first: $n, offset: $o, orderBy: [NUMBER_ASC]) { nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
      { n: 3, o: 2 },
    ],
    [
      'the last rows',
      '{ orders(last: 3, orderBy: NUMBER_ASC) { edges { cursor node { nodeId number } } pageInfo { hasPreviousPage } } }',
    ],
    [
      'a filter by a variable',
      'query ($f: OrderFilter) { orders(filter: $f, orderBy: NUMBER_ASC) { nodes { number customer { name } } totalCount } }',
      { f: { customerId: { equalTo: customer }, status: { in: ['placed', 'draft'] } } },
    ],
    ['a filter that is left out', 'query ($f: OrderFilter) { orders(filter: $f, first: 2) { nodes { number } } }'],
    [
      'an order by a variable',
      'query ($o: [OrderOrderBy!]) { orders(orderBy: $o, first: 3) { nodes { number } } }',
      { o: ['TOTAL_DESC', 'ID_ASC'] },
    ],
    ['the query itself', '{ orders(first: 1) { nodes { number } } query { __typename } }'],
    ['a count', '{ orders { totalCount } }'],
    [
      'sums',
      '{ orders(filter: { status: { equalTo: placed } }) { totalCount aggregates { sum { total } max { total wantedOn } } } }',
    ],
    ['groups', '{ orders { groupedAggregates(groupBy: [STATUS]) { keys sum { total } } } }'],
    [
      'two lists',
      '{ a: orders(first: 1, orderBy: NUMBER_ASC) { nodes { number } } b: customers(first: 1) { totalCount nodes { n: name n2: name } } }',
    ],
    [
      'by fragments',
      '{ ...Q } fragment Q on Query { orders(first: 1) { nodes { ...O } } } fragment O on Order { number ... on Order { status } }',
    ],
    [
      'without what a variable leaves out',
      'query ($if: Boolean!) { orders(first: 1) { nodes { number status @include(if: $if) } } }',
      { if: false },
    ],
  ])('%s', async (_, text, variables) => {
    const { planning, second, general } = await askThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(planning.result)
    expect(second.result).not.toContain('"message":')
    expect([planning.isDirect, second.isDirect, general.tries]).toEqual([false, true, 0])
  })
})

describe('whatever is more is left to Grafast', () => {
  test.each<[string, string, Variables?]>([
    [
      'a row of any type',
      '{ orders(first: 1) { nodes { nodeId } } node(nodeId: "WyJPcmRlciIsIngiXQ==") { __typename } }',
    ],
    ['the schema', '{ orders(first: 1) { nodes { number } } __type(name: "Order") { name } }'],
    [
      'rows that are asked for by those before them',
      '{ orders(first: 3) { nodes { number products { nodes { sku } } } } }',
    ],
    ['no rows at all', '{ __typename }'],
  ])('%s', async (_, text, variables) => {
    const { planning, second, general } = await askThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(planning.result)
    expect(second.isDirect).toBe(false)
  })
})

describe('what is wrong is told by Grafast', () => {
  const page = 'query ($n: Int) { orders(first: $n) { nodes { number } } }'
  test.each<[string, string, Variables]>([
    ['a variable of another type', page, { n: 'x' }],
    ['a variable that is not there', byId, {}],
    ['more rows than none', page, { n: -1 }],
    ['too many rows', page, { n: 1_000_000 }],
    [
      'a cursor of something else',
      'query ($c: Cursor) { orders(first: 1, after: $c) { nodes { number } } }',
      { c: 'eA==' },
    ],
  ])('%s', async (_, text, variables) => {
    const { planning, second, general } = await askThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(planning.result)
    expect(second.result).toContain('"message":')
  })
})

describe('callers of one document', () => {
  const text = 'query ($id: UUID!) { order(id: $id) { number customer { name } } users: __typename }'

  test('of other roles are answered by their own plan', async () => {
    const ask = asker(text)
    const asked = { variables: { id: order } }
    for (const roles of [['sales'], [], ['accountManager'], ['sales'], []]) {
      const fast = await ask({ ...asked, roles })
      expect([roles, fast.result]).toEqual([roles, (await ask({ ...asked, roles, isFast: false })).result])
    }
    const [told, untold] = [await ask(asked), await ask({ ...asked, roles: [] })]
    expect([told.isDirect, told.result]).toEqual([true, expect.stringContaining('"number":"SO-2"')])
    expect(untold.result).not.toContain('SO-2')
  })
})

test('a caller for whom nobody planned yet is planned for, and asks in one round trip', async () => {
  const ask = asker('query ($id: UUID!) { order(id: $id) { number } }')
  const variables = { id: order }
  for (let time = 0; time < 2; time++) await ask({ variables })
  const expected = vi.spyOn(RequestTransaction.prototype, 'expect')
  const { isDirect, tries } = await ask({ variables, roles: [] })
  expect([isDirect, tries, expected.mock.calls]).toEqual([false, 1, [[1]]])
  expected.mockRestore()
})

/** Asks for a known document, with Grafast and without, while the database is another one. */
async function askDuring(change: string, undo: string, text: string) {
  const ask = asker(text)
  await ask()
  const asOwner = (statement: string) => shop().database.asOwner((client) => client.query(statement))
  await asOwner(change)
  try {
    return { fast: await ask(), general: await ask({ isFast: false }) }
  } finally {
    await asOwner(undo)
  }
}

test('what Postgres refuses is told as by Grafast, and was asked for once', async () => {
  const { fast, general } = await askDuring(
    'alter table app.product rename sku to code',
    'alter table app.product rename code to sku',
    '{ products(first: 1) { nodes { name sku } totalCount } }',
  )
  expect(fast.result).toEqual(general.result)
  // Who asked again was told that the transaction had ended.
  expect([fast.isDirect, fast.tries, fast.result]).toEqual([false, 1, expect.stringContaining('"code":"42703"')])
})

test('a value that cannot be written is told in its place, as by Grafast, and the others are written', async () => {
  const { fast, general } = await askDuring(
    `alter table app."order" drop constraint if exists order_status_check; update app."order" set status = 'unheard' where number = 'SO-1'`,
    `update app."order" set status = 'draft' where number = 'SO-1'`,
    '{ orders(filter: { number: { in: ["SO-1", "SO-2"] } }, orderBy: NUMBER_ASC) { nodes { number status } } }',
  )
  expect(fast.result).toEqual(general.result)
  expect([fast.isDirect, fast.result]).toEqual([false, expect.stringContaining('unheard')])
})
