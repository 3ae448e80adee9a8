import { setTimeout as sleep } from 'node:timers/promises'
import { type ExecutionResult, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema, type GraphqlApi } from '../../../server/graphql/create-graphql-schema.ts'
import { executeOperation } from '../../../server/http/execute-operation.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { countRoundTrips, type RoundTrips } from '../../support/round-trips.ts'
import { acme, sam, shopId, useShop } from '../shop.ts'

const shop = useShop()
let api: GraphqlApi
let between: RoundTrips
let pool: RequestPool
let settings: RequestSettings

beforeAll(async () => {
  const { model, database } = shop()
  api = createGraphqlSchema(model)
  between = await countRoundTrips(database.loginUrl)
  pool = new RequestPool({ connectionString: between.url, max: 1 })
  settings = {
    role: roleSetName(model.app, ['sales']),
    'rowhouse.tenant_id': acme,
    'rowhouse.actor_id': sam,
    'rowhouse.claim_region': 'eu',
    'rowhouse.claim_max_discount': '',
  }
})
afterAll(async () => {
  await pool.close()
  await between.close()
})

/** As one request does. */
async function run(text: string, options: { pool?: RequestPool; signal?: AbortSignal } = {}): Promise<ExecutionResult> {
  const contextValue = {
    pgSettings: settings,
    rowhouseModel: shop().model,
    pool: options.pool ?? pool,
    request: { signal: options.signal ?? null },
  }
  return await executeOperation(api, { schema: api.schema, document: parse(text), contextValue })
}

/** Round trips of the second of three: connections are made, and nothing is prepared for the first time. */
async function tripsOf(text: string): Promise<number> {
  expect((await run(text)).errors).toBeUndefined()
  between.count()
  expect((await run(text)).errors).toBeUndefined()
  return between.count()
}

const customer = shopId('customer', 'a', 1)

describe('round trips', () => {
  test('a read of one step is one in all', async () => {
    expect(
      await tripsOf('{ orders(first: 20) { nodes { number customer { name } lines { nodes { quantity } } } } }'),
    ).toBe(1)
  })

  test('steps that do not wait for each other travel together, with what opens and ends their transaction', async () => {
    const text =
      '{ orders(first: 3) { nodes { number } totalCount } customers { totalCount } products { nodes { sku } } }'
    expect(await tripsOf(text)).toBe(1)
  })

  const update = (payload: string) =>
    `mutation { updateCustomer(input: { id: "${customer}", patch: { name: "Acme customer 1" } }) { ${payload} } }`
  let made = 0
  const create = (payload: string) =>
    `mutation { createCustomer(input: { customer: { name: "Trip ${++made}" } }) { ${payload} } }`

  test.each([
    ['a change, what is read of it, and its end are one', 1, () => update('customer { name }')],
    ['a new row, what is read of it, and its end are one', 1, () => create('customer { id name region }')],
    ['so is a new row of which nothing is read', 1, () => create('clientMutationId')],
    ['so is a new row of which only the key is read', 1, () => create('id')],
    ['what is read beside the key waits for it', 2, () => create('id customer { name }')],
    ['the end waits for an answer that may fail', 2, () => update('customer { orders { totalCount } }')],
    ['it waits behind a new row too', 2, () => create('customer { orders { totalCount } }')],
    [
      'two changes, and their end, wait for each other',
      3,
      () =>
        update('id')
          .replace('{ u', '{ a: u')
          .replace(/ }$/, ` b: ${update('id').slice(11)}`),
    ],
  ])('%s', async (_, trips, text) => {
    expect((await run(text())).errors).toBeUndefined()
    expect((await run(text())).errors).toBeUndefined()
    between.count()
    expect((await run(text())).errors).toBeUndefined()
    expect(between.count()).toBe(trips)
  })
})

test.each([
  ['{ orders { totalCount } }', 1],
  ['{ orders(first: 3) { totalCount aggregates { max { margin } } } }', 1],
  ['{ orders(first: 3) { totalCount pageInfo { hasNextPage } } }', 2],
  ['{ orders(first: 3) { totalCount nodes { number } } }', 2],
])('a page that nobody reads is not asked for: %s', async (text, statements) => {
  const expected: number[] = []
  const begin: RequestPool['begin'] = (...given) => {
    const transaction = pool.begin(...given)
    const expectAsBefore = transaction.expect.bind(transaction)
    return Object.assign(transaction, {
      expect: (count: number) => {
        expected.push(count)
        expectAsBefore(count)
      },
    })
  }
  expect((await run(text, { pool: { begin } as RequestPool })).errors).toBeUndefined()
  expect(expected).toEqual([statements])
})

test('a page that nobody reads is as long as it may be', async () => {
  const { errors } = await run('{ orders(first: 1001) { totalCount } }')
  expect(String(errors)).toContain('"first" counts rows')
})

describe('round trips of a change with an idempotency key', () => {
  const text = (key: string) =>
    `mutation { updateCustomer(input: { idempotencyKey: "${key}", id: "${customer}", patch: { name: "Acme customer 1" } }) { customer { name } } }`

  test('are two more, and one less when it was done before', async () => {
    const trips = async (key: string) => {
      between.count()
      expect((await run(text(key))).errors).toBeUndefined()
      return between.count()
    }
    await run(text('first'))
    expect(await trips('second')).toBe(3)
    expect(await trips('second')).toBe(2)
  })

  test('are one more where nothing of the change is read', async () => {
    const bare = (key: string) => text(key).replace('{ customer { name } }', '{ __typename }')
    await run(bare('third'))
    between.count()
    expect((await run(bare('fourth'))).errors).toBeUndefined()
    expect(between.count()).toBe(3)
    const { rows } = await shop().database.asOwner((client) =>
      client.query('select count(*)::integer as n from rowhouse.answer where answer is not null'),
    )
    expect(rows).toEqual([{ n: 4 }])
  })
})

describe('one moment', () => {
  test('all steps of a query see the same rows, whatever is committed in between', async () => {
    const others = new RequestPool({ connectionString: shop().database.loginUrl, max: 1 })
    try {
      const transaction = pool.begin(settings, { access: 'read' })
      const text = 'select count(*)::integer as n from app."order"'
      const ask = async () => (await transaction.withPgClient(settings, (client) => client.query({ text }))).rows
      const before = await ask()
      const order = `{ number: "MEANWHILE", customerId: "${customer}" }`
      const made = await run(`mutation { createOrder(input: { order: ${order} }) { id } }`, { pool: others })
      expect(made.errors).toBeUndefined()
      expect(await ask()).toEqual(before)
      await transaction.end({ isKept: true })
      const after = await run('{ orders(filter: { number: { equalTo: "MEANWHILE" } }) { totalCount } }')
      expect(after.data).toEqual({ orders: { totalCount: 1 } })
    } finally {
      await others.close()
    }
  })

  test.each([1, 2])('a query of %i steps can change nothing, not even where grants would let it', async (steps) => {
    const transaction = pool.begin(settings, { access: 'read' })
    transaction.expect(steps)
    const change = { text: "update app.customer set name = 'Changed'" }
    const changed = transaction.withPgClient(settings, (client) => client.query(change))
    await expect(changed).rejects.toMatchObject({ code: '25006' })
    await transaction.end({ isKept: true })
  })

  test('a step of somebody else is a mistake of ours', async () => {
    const transaction = pool.begin(settings, { access: 'read' })
    await expect(transaction.withPgClient({ ...settings }, () => null)).rejects.toThrow('as somebody else')
  })

  test('nothing comes behind what was said to be the last statement', async () => {
    const transaction = pool.begin(settings, { access: 'read' })
    transaction.expect(1)
    const ask = () => transaction.withPgClient(settings, (client) => client.query({ text: 'select 1' }))
    await ask()
    await expect(ask()).rejects.toThrow('after its transaction had ended')
  })

  test('a step that fails takes nothing from those beside it', async () => {
    const transaction = pool.begin(settings, { access: 'read' })
    transaction.expect(4)
    const ask = (text: string) => transaction.withPgClient(settings, (client) => client.query({ text }))
    const answers = await Promise.allSettled([ask('select 1'), ask('select 1 / 0'), ask('select 2')])
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await ask('select current_user as who')).rows).toEqual([{ who: settings.role }])
    expect((await run('{ products { totalCount } }')).errors).toBeUndefined()
  })
})

describe('changes', () => {
  const rename = (name: string, id = customer) =>
    `updateCustomer(input: { id: "${id}", patch: { name: "${name}" } }) { customer { name } }`
  const nameNow = async () => {
    const { rows } = await shop().database.asOwner((client) =>
      client.query<{ name: string }>('select name from app.customer where id = $1', [customer]),
    )
    return rows[0]!.name
  }

  test('what is read of a change is read in its own transaction', async () => {
    const { data } = await run(`mutation { ${rename('Seen')} }`)
    expect(data).toEqual({ updateCustomer: { customer: { name: 'Seen' } } })
    expect(await nameNow()).toBe('Seen')
  })

  test('of several, the second failing, nothing stays', async () => {
    await run(`mutation { ${rename('Before')} }`)
    const missing = '00000000-0000-7000-8000-00000000dead'
    const { data, errors } = await run(`mutation { a: ${rename('After')} b: ${rename('Nobody', missing)} }`)
    expect(data).toBeNull()
    expect(errors?.map(({ path }) => path)).toEqual([['b'], ['a']])
    expect(errors?.[1]?.extensions.code).toBe('ROLLED_BACK')
    expect(await nameNow()).toBe('Before')
  })

  test('that waited for each other are done again', async () => {
    const other = shopId('customer', 'a', 2)
    const two = new RequestPool({ connectionString: shop().database.loginUrl, max: 2 })
    try {
      const both = await Promise.all([
        run(`mutation { a: ${rename('One')} b: ${rename('Other one', other)} }`, { pool: two }),
        run(`mutation { a: ${rename('Other two', other)} b: ${rename('Two')} }`, { pool: two }),
      ])
      for (const { errors } of both) expect(errors).toBeUndefined()
    } finally {
      await two.close()
    }
  })
})

describe('what breaks', () => {
  const read = '{ products { totalCount } }'

  test('a connection that died while it was idle is not noticed by who comes next', async () => {
    expect((await run(read)).errors).toBeUndefined()
    between.cut()
    expect((await run(read)).errors).toBeUndefined()
  })

  test('a change of the database that breaks what a connection had planned is not noticed', async () => {
    const text = '{ customers { nodes { name email } } }'
    for (let times = 0; times < 3; times++) expect((await run(text)).errors).toBeUndefined()
    const alter = (type: string) =>
      shop().database.asOwner((client) => client.query(`alter table app.product alter sku type ${type}`))
    const skus = '{ products { nodes { sku } } }'
    for (let times = 0; times < 3; times++) expect((await run(skus)).errors).toBeUndefined()
    await alter('varchar(90)')
    try {
      expect((await run(skus)).errors).toBeUndefined()
    } finally {
      await alter('text')
    }
  })

  test('a request that nobody waits for any more is cancelled in Postgres, and its connection serves the next', async () => {
    const own = new RequestPool({ connectionString: shop().database.loginUrl, max: 1 })
    try {
      const gone = new AbortController()
      const transaction = own.begin(settings, { access: 'read', signal: gone.signal })
      const asleep = transaction.withPgClient(settings, (client) => client.query({ text: 'select pg_sleep(60)' }))
      const watching = await shop().database.connect(shop().database.loginUrl)
      const isAsleep = async () => {
        const { rows } = await watching.query(
          "select from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(60)' and state = 'active'",
        )
        return rows.length > 0
      }
      while (!(await isAsleep())) await sleep(5)
      await watching.end()
      gone.abort()
      await expect(asleep).rejects.toMatchObject({ code: '57014' })
      await transaction.end({ isKept: false })
      expect((await run(read, { pool: own })).errors).toBeUndefined()
    } finally {
      await own.close()
    }
  })

  test('a request that was given up before it asked takes no connection', async () => {
    const transaction = pool.begin(settings, { access: 'read', signal: AbortSignal.abort() })
    const asked = transaction.withPgClient(settings, (client) => client.query({ text: 'select 1' }))
    await expect(asked).rejects.toThrow('given up')
  })
})

test('behind a pooler that gives each transaction another session, nothing is prepared and each says all', async () => {
  const pooled = new RequestPool({ connectionString: shop().database.loginUrl, max: 1, isSessionKept: false })
  try {
    const text = '{ orders(first: 3) { nodes { number } totalCount } }'
    for (let times = 0; times < 3; times++) {
      const { data, errors } = await run(text, { pool: pooled })
      expect(errors).toBeUndefined()
      expect(data?.orders).toMatchObject({ nodes: [{}, {}, {}] })
    }
    const transaction = pooled.begin(settings, { access: 'read' })
    const asked = {
      text: `select (select count(*)::integer from pg_prepared_statements) as prepared, current_setting('timezone') as zone,
        current_setting('search_path') as path, current_setting('transaction_isolation') as isolation`,
    }
    const { rows } = await transaction.withPgClient(settings, (client) => client.query(asked))
    expect(rows).toEqual([{ prepared: 0, zone: 'UTC', path: '', isolation: 'repeatable read' }])
    await transaction.end({ isKept: true })
  } finally {
    await pooled.close()
  }
})

test('a request gets the connection that last served its role', async () => {
  const two = new RequestPool({ connectionString: shop().database.loginUrl, max: 2 })
  try {
    const anonymous = { ...settings, role: shop().database.names.anonymous }
    const begun = [settings, anonymous].map((each) => ({ each, transaction: two.begin(each, { access: 'write' }) }))
    const pid = { text: 'select pg_backend_pid() as pid' }
    const pids = await Promise.all(
      begun.map(async ({ each, transaction }) => {
        const { rows } = await transaction.withPgClient(each, (client) => client.query<{ pid: number }>(pid))
        return rows[0]!.pid
      }),
    )
    for (const { transaction } of begun) await transaction.end({ isKept: true })
    for (const at of [0, 1, 1, 0, 0, 1]) {
      const each = [settings, anonymous][at]!
      const { rows } = await two.withPgClient(each, (client) => client.query<{ pid: number }>(pid))
      expect(rows[0]!.pid).toBe(pids[at])
    }
  } finally {
    await two.close()
  }
})
