import { type ExecutionResult, type GraphQLError, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema, type GraphqlApi } from '../../../server/graphql/create-graphql-schema.ts'
import { DirectCreate } from '../../../server/graphql/direct/direct-create.ts'
import { executeOperation } from '../../../server/http/execute-operation.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { acme, sam, shopId, useShop } from '../shop.ts'

const shop = useShop()
let api: GraphqlApi
let pool: RequestPool
let settings: Record<string, string> & { role: string }

beforeAll(() => {
  const { model, database } = shop()
  api = createGraphqlSchema(model)
  pool = new RequestPool({ connectionString: database.loginUrl, max: 1, statementTimeoutMs: 5_000 })
  settings = {
    role: roleSetName(model.app, ['sales']),
    'rowhouse.tenant_id': acme,
    'rowhouse.actor_id': sam,
    'rowhouse.claim_region': 'eu',
    'rowhouse.claim_max_discount': '',
  }
})
afterAll(() => pool.close())

let marks = 0

/** How a document is asked for once more. */
interface Asking {
  /** As the fast path has it. */
  readonly isFast?: boolean
  readonly through?: Pick<RequestPool, 'begin'>
}

/** Asks for one document time and again, each time with another mark in its variables. Says whether it went without Grafast. */
function asker(text: string, variables: object) {
  const document = parse(text)
  return async (word: string, { isFast = true, through = pool }: Asking = {}) => {
    const mark = `${word}${++marks}x`
    const run = vi.spyOn(DirectCreate.prototype, 'run')
    try {
      const contextValue = { pgSettings: settings, rowhouseModel: shop().model, roles: ['sales'], pool: through }
      const variableValues = JSON.parse(JSON.stringify(variables).replaceAll('%', mark))
      const args = { schema: api.schema, document, variableValues, contextValue, outputDataAsString: isFast }
      const result = told(await executeOperation(api, args), mark)
      const answers = await Promise.all(run.mock.results.map(({ value }) => value as Promise<ExecutionResult | null>))
      return { result, isDirect: answers.some((answer) => answer !== null), tries: answers.length }
    } finally {
      run.mockRestore()
    }
  }
}

/** By Grafast, which learns the document; as the fast path does; and by Grafast as the general path does. */
async function runThrice(text: string, variables: object) {
  const ask = asker(text, variables)
  const learning = await ask('learns')
  const second = await ask('second')
  const general = await ask('general', { isFast: false })
  return { learning, second, general }
}

/** What a caller can tell of an answer, but for what is new in each row. */
function told({ data, errors }: ExecutionResult, mark: string): unknown {
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? null)
  const plain = `${text}${JSON.stringify(errors?.map(toldOf) ?? null)}`
  return plain.replaceAll(mark, '%').replaceAll(/"(id|key|createdAt|updatedAt)":"[^"]*"/g, '"$1":"…"')
}

function toldOf({ message, path, locations, originalError }: GraphQLError): unknown {
  const { code, constraint } = (originalError ?? {}) as { readonly code?: unknown; readonly constraint?: unknown }
  return { message, path, locations, type: originalError?.constructor.name, code, constraint }
}

const customer = shopId('customer', 'a', 1)
const hidden = shopId('customer', 'a', 3)
const creates = (payload: string, input = 'name: $name', more = '') =>
  `mutation ($name: String!) { it: createCustomer(input: { customer: { ${input} } ${more} }) { ${payload} } }`
const named = { name: 'Made %' }
const whole = (payload = 'customer { name region }') =>
  `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ${payload} } }`
const orders = (payload: string) =>
  `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { order { ${payload} } } }`

describe('a new row is made without Grafast, and answered as by Grafast', () => {
  test.each([
    ['by a variable', creates('customer { id name region email creditLimit createdAt }'), named],
    [
      'with names of types',
      creates('__typename customer { __typename key: id a: name b: name kind: __typename }'),
      named,
    ],
    [
      'by fragments',
      `${creates('... on CreateCustomerPayload { customer { ...F } }')} fragment F on Customer { name }`,
      named,
    ],
    ['by an input', whole(), { input: { customer: named } }],
    ['by an input that says more', whole(), { input: { customer: { ...named, email: null }, clientMutationId: 'x' } }],
    [
      'by literals',
      creates('customer { name creditLimit region }', 'name: $name, creditLimit: "1.50", region: eu'),
      named,
    ],
    [
      'by a row',
      orders('number status total wantedOn urgent fee lead deliverAt customerId'),
      { order: { number: '%', customerId: customer } },
    ],
    ['where its maker may not see it', creates('customer { name }', 'name: $name, region: us_east'), named],
    [
      'by a variable with a default',
      'mutation ($name: String!, $region: CustomerRegion = eu) { createCustomer(input: { customer: { name: $name, region: $region } }) { customer { name region } } }',
      named,
    ],
    [
      'by a variable that is left out',
      'mutation ($name: String!, $email: String) { createCustomer(input: { customer: { name: $name, email: $email } }) { customer { name email } } }',
      named,
    ],
    [
      'with words that JSON writes in another way',
      creates('customer { name }'),
      { name: '% "\\ \u2028\u0001\n é 🎈 \u007f' },
    ],
  ])('%s', async (_, text, variables) => {
    const { learning, second, general } = await runThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(learning.result)
    expect(second.result).not.toContain('"message":')
    expect([learning.isDirect, second.isDirect, general.tries]).toEqual([false, true, 0])
  })
})

describe('whatever is more is left to Grafast', () => {
  test.each([
    ['a key beside the row', creates('id customer { name }'), named],
    ['no row', creates('clientMutationId'), named],
    ['two rows', creates('a: customer { name } b: customer { name }'), named],
    ['another row beside it', creates('customer { orders { totalCount } }'), named],
    ['the rest of the API', creates('customer { name } query { __typename }'), named],
    ['rows inside', whole(), { input: { customer: { ...named, orders: { create: [{ number: '%' }] } } } }],
    ['no rows inside', whole(), { input: { customer: { ...named, orders: null } } }],
    ['a key of the request', whole(), { input: { customer: named, idempotencyKey: 'key %' } }],
    [
      'a field that may be left out',
      creates('customer { name email @include(if: true) region @skip(if: false) }'),
      named,
    ],
    [
      'a field that a variable leaves out',
      'mutation ($name: String!, $if: Boolean!) { createCustomer(input: { customer: { name: $name } }) { customer { name email @include(if: $if) } } }',
      { ...named, if: false },
    ],
    [
      'two changes',
      `mutation ($name: String!) { a: createCustomer(input: { customer: { name: $name } }) { customer { name } } b: __typename }`,
      named,
    ],
  ])('%s', async (what, text, variables) => {
    const { learning, second, general } = await runThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(learning.result)
    // Directives that are the same each time are gone from the plan.
    if (what !== 'a field that may be left out') expect(second.isDirect).toBe(false)
  })
})

describe('what is refused is told by Grafast', () => {
  test.each([
    ['a row that is there', creates('customer { name }'), { name: 'Acme customer 2' }],
    ['a row below a hidden one', orders('number'), { order: { number: '%', customerId: hidden } }],
    ['a value out of its bounds', orders('number'), { order: { number: '%', customerId: customer, total: '1e30' } }],
    [
      'a value that is too fine',
      orders('number'),
      { order: { number: '%', customerId: customer, total: '1.23456789' } },
    ],
    ['half of a character', creates('customer { name }'), { name: '% \ud800' }],
    ['a variable of another type', creates('customer { name }'), { name: [] }],
    ['a variable that is not there', creates('customer { name }'), {}],
    ['a field that is not there', whole(), { input: { customer: { ...named, other: 1 } } }],
    ['a relation that has to be said', orders('number'), { order: { number: '%' } }],
  ])('%s', async (_, text, variables) => {
    const { learning, second, general } = await runThrice(text, variables)
    expect(second.result).toEqual(general.result)
    expect(second.result).toEqual(learning.result)
    expect(second.result).toContain('"message":')
  })
})

test('a change that shall wait is left to Grafast', async () => {
  const ask = asker(creates('customer { name }'), named)
  await ask('learns')
  const begin: RequestPool['begin'] = (given, options) => pool.begin(given, { ...options, isWaiting: true })
  const { result, isDirect, tries } = await ask('waits', { through: { begin } })
  expect([result, isDirect, tries]).toEqual(['{"it":{"customer":{"name":"Made %"}}}null', false, 1])
})

/** Changes the database while a document is asked for: by a document that is known, with Grafast and without. */
async function askDuring(change: string, undo: string, ask: ReturnType<typeof asker>) {
  await ask('learns')
  const asOwner = (text: string) => shop().database.asOwner((client) => client.query<{ name: string }>(text))
  await asOwner(change)
  try {
    return { fast: await ask('fast'), general: await ask('general', { isFast: false }) }
  } finally {
    await asOwner(undo)
  }
}

test('a row that cannot be read behind its change is not kept, and is told as by Grafast', async () => {
  const email = (name: string) => `alter table app.customer rename ${name}`
  const { fast, general } = await askDuring(
    email('email to e_mail'),
    email('e_mail to email'),
    asker(creates('customer { name email }'), { name: 'Unread %' }),
  )
  expect(fast.result).toEqual(general.result)
  expect([fast.isDirect, fast.result]).toEqual([true, expect.stringContaining('"path":["it","customer"]')])
  const made = await shop().database.asOwner((client) =>
    client.query("select name from app.customer where name like 'Unread %' and name not like 'Unread learns%'"),
  )
  expect(made.rows).toEqual([])
})

test('a row that is kept but cannot be written in the answer is told as by Grafast', async () => {
  const { fast, general } = await askDuring(
    `alter table app."order" drop constraint if exists order_status_check, alter status set default 'unheard'`,
    `delete from app."order" where status = 'unheard'; alter table app."order" alter status set default 'draft'`,
    asker(orders('status'), { order: { number: '%', customerId: customer } }),
  )
  expect(fast.result).toEqual(general.result)
  expect([fast.isDirect, fast.result]).toEqual([true, expect.stringContaining('could not be answered')])
})
