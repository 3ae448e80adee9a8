import { type ExecutionResult, type GraphQLError, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RequestError } from '#base'
import { roleSetName } from '#migrations'
import { createGraphqlSchema, type GraphqlApi } from '../../../server/graphql/create-graphql-schema.ts'
import { executeOperation } from '../../../server/http/execute-operation.ts'
import type { PlannedChange } from '../../../server/postgres/change-ahead.ts'
import { lateKey, withLateValues } from '../../../server/postgres/late-value.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestTransaction } from '../../../server/postgres/request-transaction.ts'
import { acme, sam, shopId, useShop } from '../shop.ts'

const shop = useShop()
let api: GraphqlApi
let pool: RequestPool
let settings: Record<string, string> & { role: string }

beforeAll(() => {
  const { model, database } = shop()
  api = createGraphqlSchema(model)
  pool = new RequestPool({ connectionString: database.loginUrl, max: 1, statementTimeoutMs: 1_000 })
  settings = {
    role: roleSetName(model.app, ['sales']),
    'rowhouse.tenant_id': acme,
    'rowhouse.actor_id': sam,
    'rowhouse.claim_region': 'eu',
    'rowhouse.claim_max_discount': '',
  }
})
afterAll(() => pool.close())

/** How the transactions of a request were begun. */
interface Watched {
  readonly begin: RequestPool['begin']
  readonly planned: (PlannedChange | null)[]
}

function watched(isWaiting: boolean): Watched {
  const planned: (PlannedChange | null)[] = []
  const begin: RequestPool['begin'] = (given, options) => {
    const transaction = pool.begin(given, isWaiting ? { ...options, isWaiting } : options)
    const at = planned.push(null) - 1
    const expectChange = transaction.expectChange.bind(transaction)
    return Object.assign(transaction, {
      expectChange: (plan: PlannedChange) => {
        if (options.isWaiting !== true) planned[at] = plan
        expectChange(plan)
      },
    })
  }
  return { begin, planned }
}

async function run(text: string, through: Pick<RequestPool, 'begin'> = pool): Promise<ExecutionResult> {
  const contextValue = { pgSettings: settings, rowhouseModel: shop().model, pool: through as RequestPool, request: {} }
  return await executeOperation(api, {
    schema: api.schema,
    document: parse(text),
    contextValue,
    outputDataAsString: true,
  })
}

/** What a caller can tell of an answer, but for what is new in each row. */
function told({ data, errors }: ExecutionResult): unknown {
  const given = typeof data === 'string' ? JSON.parse(data) : data
  const text = JSON.stringify(given).replaceAll(/"(id|createdAt|updatedAt)":"[^"]*"/g, '"$1":"…"')
  return { data: JSON.parse(text), errors: errors?.map(toldOf) }
}

function toldOf({ path, originalError }: GraphQLError): unknown {
  const { code, message, cause, constraint } = originalError as unknown as Record<string, unknown>
  return { path, type: originalError?.constructor.name, code, message, constraint, cause: String(cause) }
}

async function asOwner<Row extends object>(text: string): Promise<readonly Row[]> {
  return await shop().database.asOwner(async (client) => (await client.query<Row>(text)).rows)
}

async function countOf(name: string): Promise<number> {
  const [row] = await asOwner<{ n: number }>(
    `select count(*)::integer as n from app.customer where name like '${name}%'`,
  )
  return row!.n
}

const customer = shopId('customer', 'a', 1)
const handedOver = shopId('customer', 'a', 4)
const hidden = shopId('customer', 'a', 3)
const foreign = shopId('customer', 'b', 1)
const missing = '00000000-0000-7000-8000-00000000dead'
const creates = (input: string, payload: string) =>
  `mutation { it: createCustomer(input: { customer: { ${input} } }) { ${payload} } }`
const updates = (id: string, patch: string, payload = 'customer { name }') =>
  `mutation { it: updateCustomer(input: { id: "${id}", patch: { ${patch} } }) { ${payload} } }`
const orders = (customerId: string, more = '') =>
  `mutation { it: createOrder(input: { order: { number: "A-%", customerId: "${customerId}" ${more} } }) { order { number customer { name } } } }`

describe('goes ahead and answers what one that waits does', () => {
  test.each([
    ['a new row', creates('name: "New %"', 'customer { id name region email }')],
    ['a new row with the key beside it', creates('name: "Key %"', 'id customer { id name }')],
    ['a new row of which nothing is read', creates('name: "Bare %"', 'clientMutationId __typename')],
    ['a new row that its maker may not see', creates('name: "Far %", region: us_east', 'customer { name }')],
    ['a new row with what belongs to it', orders(customer)],
    ['a new row read twice', creates('name: "Twice %"', 'a: customer { name } b: customer { id region }')],
    ['a new row read by fragments', creates('name: "Part %"', '... { customer { ... on Customer { name } } }')],
    ['a new row with a list', creates('name: "List %"', 'customer { orders { totalCount nodes { number } } }')],
    ['a new row and the rest', creates('name: "Rest %"', 'customer { name } query { products { totalCount } }')],
    ['a change', updates(customer, 'name: "Changed"')],
    ['a change of nothing', updates(customer, '')],
    ['a hand-over out of sight', updates(handedOver, 'region: us_east')],
    ['a change of a hidden row', updates(hidden, 'name: "Attack"')],
    ["a change of another tenant's row", updates(foreign, 'name: "Attack"')],
    ['a change of no row', updates(missing, 'name: "Attack"')],
    ['a change that loses a name', updates(customer, 'name: "Acme customer 2"')],
    ['a stale change', updates(customer, 'name: "Late" } ifUpdatedAt: "2020-01-01T00:00:00Z').replace('Z } }', 'Z" }')],
    ['a row that is there', creates('name: "Acme customer 2"', 'customer { name }')],
    ['a row below a hidden one', orders(hidden)],
    ["a row below another tenant's", orders(foreign)],
    ['a row below none', orders(missing)],
    ['a value out of its bounds', orders(customer, 'total: "-1"')],
    [
      'a row that no rule allows',
      'mutation { it: createProduct(input: { product: { sku: "X", name: "X" } }) { product { sku } } }',
    ],
    [
      'a nested row',
      creates('name: "Nest %", orders: { create: [{ number: "N-%" }] }', 'customer { orders { nodes { number } } }'),
    ],
  ])('%s', async (_, text) => {
    const named = (mark: string) => text.replaceAll('%', mark)
    const unmarked = (result: ExecutionResult, mark: string) =>
      JSON.parse(JSON.stringify(told(result)).replaceAll(mark, '%'))
    const ahead = watched(false)
    const first = unmarked(await run(named('ahead'), ahead), 'ahead')
    await asOwner(`update app.customer set region = 'eu' where id = '${handedOver}'`)
    const waiting = unmarked(await run(named('waits'), watched(true)), 'waits')
    expect(first).toEqual(waiting)
    expect(ahead.planned[0]).not.toBeNull()
    expect(await countOf('Attack')).toBe(0)
  })
})

describe('whatever travels along', () => {
  const sure: PlannedChange = { selects: 1, isSure: true, tellsKey: false }
  const insert = (name: string) => ({ text: `insert into app.customer (name, region) values ('${name}', 'eu')` })

  /** A change that is left, and a select behind it; the end is sent along. */
  async function travel(
    change: string,
    select: string,
  ): Promise<[RequestTransaction, boolean, PromiseSettledResult<unknown>]> {
    const transaction = pool.begin(settings, { access: 'write' })
    transaction.expectChange(sure)
    const read = transaction.withPgClient(settings, (client) => {
      client.ahead!.leave(client.query({ text: change }))
      client.finish()
      return client.query({ text: select, arrayMode: true })
    })
    const [settled] = await Promise.allSettled([read])
    const hasFailed = await transaction.hasFailedAhead()
    await transaction.end({ isKept: !hasFailed && settled.status === 'fulfilled' })
    return [transaction, hasFailed, settled]
  }

  test('is kept where all of it is done', async () => {
    const [transaction, hasFailed, { status }] = await travel(insert('Travels').text, 'select 1')
    expect([transaction.isKept, hasFailed, status]).toEqual([true, false, 'fulfilled'])
    expect(await countOf('Travels')).toBe(1)
  })

  test('a change that is refused is not kept by the order behind it', async () => {
    const attack = `insert into app.product (sku, name) values ('ATTACK', 'Attack')`
    const [transaction, hasFailed, { status }] = await travel(attack, 'select 1')
    expect([transaction.isKept, hasFailed, status]).toEqual([false, true, 'rejected'])
    expect(await asOwner(`select from app.product where sku = 'ATTACK'`)).toEqual([])
  })

  test('a select that fails takes the change with it', async () => {
    const [transaction, hasFailed, { status }] = await travel(insert('Unseen').text, 'select 1 / 0')
    expect([transaction.isKept, hasFailed, status]).toEqual([false, false, 'rejected'])
    expect(await countOf('Unseen')).toBe(0)
  })

  test('a role that is not there does nothing as anybody else', async () => {
    const nobody = { ...settings, role: 'nobody_at_all' }
    const begun = pool.begin(nobody, { access: 'write' })
    begun.expectChange(sure)
    const read = begun.withPgClient(nobody, (client) => {
      client.ahead!.leave(client.query(insert('Nobody')))
      client.finish()
      return client.query({ text: 'select 1', arrayMode: true })
    })
    await expect(read).rejects.toThrow()
    expect(await begun.hasFailedAhead()).toBe(true)
    await begun.end({ isKept: false })
    expect([begun.isKept, await countOf('Nobody')]).toEqual([false, 0])
  })

  test('its connection serves the next', async () => {
    await travel('select 1 / 0', 'select 1')
    expect((await run('{ products { totalCount } }')).errors).toBeUndefined()
  })
})

test('what Postgres refuses only at the end is told as ever, and not kept', async () => {
  await asOwner(`create function app.late() returns trigger language plpgsql as $$ begin
    raise exception using errcode = '23505', schema = 'app', table = 'customer', constraint = 'customer_name_region_key'; end $$;
    create constraint trigger late after insert on app.customer deferrable initially deferred
      for each row when (new.name like 'Deferred%') execute function app.late()`)
  const texts = ['ahead', 'waits'].map((mark) => creates(`name: "Deferred ${mark}"`, 'customer { name }'))
  const first = told(await run(texts[0]!))
  expect(first).toMatchObject({ data: null, errors: [{ code: '23505' }] })
  expect(first).toEqual(told(await run(texts[1]!, watched(true))))
  expect(await countOf('Deferred')).toBe(0)
})

test('what takes too long is told once, at the change', async () => {
  await asOwner(`create function app.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
    create trigger slow before insert on app.customer for each row when (new.name like 'Slow%') execute function app.slow()`)
  const { begin, planned } = watched(false)
  const { data, errors } = await run(creates('name: "Slow"', 'customer { name }'), { begin })
  expect([data, errors?.map(({ path }) => path), planned.length]).toEqual([{ it: null }, [['it']], 1])
  expect(errors?.[0]?.originalError).toMatchObject({ code: '57014' })
})

test('a change that is kept but cannot be answered says so', async () => {
  await asOwner(
    `alter table app."order" drop constraint if exists order_status_check, alter status set default 'unheard'`,
  )
  try {
    const { data, errors } = await run(
      `mutation { createOrder(input: { order: { number: "KEPT", customerId: "${customer}" } }) { order { status } } }`,
    )
    expect(data).toBeNull()
    const { originalError } = errors![0]!
    expect(originalError).toBeInstanceOf(RequestError)
    expect((originalError as RequestError).extensions).toMatchObject({ outcome: 'kept' })
    expect(await asOwner(`select status from app."order" where number = 'KEPT'`)).toEqual([{ status: 'unheard' }])
  } finally {
    await asOwner(
      `delete from app."order" where number = 'KEPT'; alter table app."order" alter status set default 'draft'`,
    )
  }
})

test('late values take the place of parameters, and of nothing that looks like one', () => {
  const text = `select '$1', "$2", $1::text, $2::uuid, $3::int, $2 from t where a = 'it''s $2'`
  const {
    text: written,
    values,
    name,
  } = withLateValues({ text, values: ['a', lateKey(0, 1), 3], name: 'n'.repeat(63) })
  const key = "(pg_catalog.current_setting('rowhouse.created_id'))"
  expect(written).toBe(`select '$1', "$2", $1::text, ${key}::uuid, $2::int, ${key} from t where a = 'it''s $2'`)
  expect([values, name?.length]).toEqual([['a', 3], 60])
  expect(lateKey(1, 2).expression).toContain('::pg_catalog.json ->> 1')
})
