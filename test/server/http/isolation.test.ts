import { describe, expect, test } from 'vitest'
import { requestSettings, visitor } from '../../../server/auth/request-identity.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { useShopServer } from '../client.ts'
import { acme, gil, globex, mia, sam, shopId } from '../shop.ts'

const shop = useShopServer({ poolSize: 4, statementTimeoutMs: 2_000 })

/** What each caller must see, whoever else asks at the same time. */
interface Caller {
  readonly token: string | null
  readonly customers: number | null
  readonly prefix: string
  readonly canRenameProducts: boolean
}

async function callers(): Promise<readonly Caller[]> {
  const token = (given: object) => shop().token(given)
  const eu = { claims: { region: 'eu' } }
  return [
    {
      token: await token({ sub: sam, tenant: acme, roles: ['sales'], ...eu }),
      customers: 4,
      prefix: 'Acme',
      canRenameProducts: false,
    },
    {
      token: await token({ sub: mia, tenant: acme, roles: ['accountManager'], claims: { region: 'us-east' } }),
      customers: 2,
      prefix: 'Acme',
      canRenameProducts: true,
    },
    {
      token: await token({ sub: gil, tenant: globex, roles: ['sales'], ...eu }),
      customers: 4,
      prefix: 'Globex',
      canRenameProducts: false,
    },
    {
      token: await token({ sub: sam, tenant: acme, roles: ['sales'], claims: {} }),
      customers: 0,
      prefix: 'Acme',
      canRenameProducts: false,
    },
    {
      token: await token({ sub: sam, tenant: acme, roles: [] }),
      customers: null,
      prefix: 'Acme',
      canRenameProducts: false,
    },
    { token: null, customers: null, prefix: '', canRenameProducts: false },
  ]
}

const read = '{ customers { totalCount nodes { name region } } }'
const rename =
  'mutation ($id: UUID!) { updateProduct(input: { id: $id, patch: { name: "renamed" } }) { product { name } } }'
const failing = [
  'mutation { createCustomer(input: { customer: { name: "Acme customer 1" } }) { id } }',
  '{ customers(filter: { creditLimit: { greaterThan: "1e999999" } }) { totalCount } }',
  'mutation { createOrder(input: { order: { number: "x", customerId: "00000000-0000-7000-8000-00000000dead" } }) { id } }',
]

test('many callers at once on few connections, with failures and cancelled requests in between, never meet', async () => {
  const everybody = await callers()
  for (let round = 0; round < 5; round++) {
    const asked = Array.from({ length: 40 }, async (_, n) => {
      const caller = everybody[(n * 7 + round) % everybody.length]!
      switch (n % 4) {
        case 0: {
          const cancelled = new AbortController()
          const answer = shop()
            .ask(read, null, caller.token, cancelled.signal)
            .catch(() => null)
          setTimeout(() => cancelled.abort(), n % 7)
          return void (await answer)
        }
        case 1: {
          const { errors } = await shop().ask(failing[n % failing.length]!, null, caller.token)
          return expect(errors).toHaveLength(1)
        }
        case 2: {
          const tenant = caller.prefix === 'Globex' ? 'b' : 'a'
          const { data } = await shop().ask(rename, { id: shopId('product', tenant, 4) }, caller.token)
          return expect(data.updateProduct !== null).toBe(caller.canRenameProducts)
        }
        default: {
          const { data } = await shop().ask(read, null, caller.token)
          expect(data.customers?.totalCount ?? null).toBe(caller.customers)
          for (const { name } of data.customers?.nodes ?? []) expect(name.startsWith(caller.prefix)).toBe(true)
        }
      }
    })
    await Promise.all(asked)
  }
})

test('even a setting that was left on the session does not reach the next request: every claim is set each time', async () => {
  const pool = new RequestPool({ connectionString: shop().database.loginUrl, max: 1 })
  try {
    const settings = requestSettings(shop().model, visitor, `${shop().model.app}_anonymous`)
    const claim = { text: "select current_setting('rowhouse.claim_region', true) as claim" }
    await pool.withPgClient(settings, (client) =>
      client.query({ text: "select set_config('rowhouse.claim_region', 'us-east', false)" }),
    )
    expect((await pool.withPgClient(settings, (client) => client.query(claim))).rows).toEqual([{ claim: '' }])
  } finally {
    await pool.close()
  }
})

describe('hostile values', () => {
  const hostile = [
    `'; reset role; select * from app.customer; --`,
    `" or 1 = 1 --`,
    `\\'; drop table app.customer; --`,
    '$1',
    '%',
    '_',
    '%%',
    '{}',
    '[]',
    'null',
    '__proto__',
    'constructor',
    '{{7*7}}',
    ':OWNER',
    '🦀',
    '\u202e',
    'a\nb',
    'x'.repeat(10_000),
  ]

  test('in filters are data', async () => {
    for (const value of hostile) {
      const { data, errors } = await shop().ask(
        `query ($value: String!, $values: [String!]!) {
          is: customers(filter: { name: { equalTo: $value } }) { totalCount }
          in: customers(filter: { name: { in: $values } }) { totalCount }
          through: orders(filter: { customer: { name: { startsWith: $value } } }) { totalCount }
          some: customers(filter: { orders: { some: { number: { includesInsensitive: $value } } } }) { totalCount }
          grouped: orders(filter: { number: { equalTo: $value } }) { groupedAggregates(groupBy: [CUSTOMER_ID]) { keys } }
        }`,
        { value, values: [value, value] },
      )
      expect(errors).toEqual([])
      expect(data).toMatchObject({ is: { totalCount: 0 }, in: { totalCount: 0 }, through: { totalCount: 0 } })
    }
  })

  test('in rows come back as they were', async () => {
    for (const name of hostile.filter((value) => value.length <= 200)) {
      const { data, errors } = await shop().ask(
        'mutation ($name: String!) { createCustomer(input: { customer: { name: $name }, clientMutationId: $name }) { clientMutationId customer { name } } }',
        { name },
      )
      expect(errors).toEqual([])
      expect(data.createCustomer).toEqual({ clientMutationId: name, customer: { name } })
    }
  })

  test('as ids, enum values, orders and numbers are refused before they get anywhere', async () => {
    for (const value of hostile) {
      const asked = await Promise.all([
        shop().ask('query ($v: UUID!) { order(id: $v) { id } }', { v: value }),
        shop().ask('query ($v: [OrderOrderBy!]) { orders(orderBy: $v) { totalCount } }', { v: [value] }),
        shop().ask('query ($v: OrderStatus!) { orders(filter: { status: { equalTo: $v } }) { totalCount } }', {
          v: value,
        }),
        shop().ask('query ($v: BigFloat!) { orders(filter: { total: { equalTo: $v } }) { totalCount } }', { v: value }),
        shop().ask('query ($v: Int!) { orders(first: $v) { totalCount } }', { v: value }),
        shop().ask('query ($v: Date!) { orders(filter: { wantedOn: { equalTo: $v } }) { totalCount } }', { v: value }),
      ])
      for (const { errors, text } of asked) {
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION'])
        expect(text).not.toMatch(/syntax error|pg_|at character/)
      }
      expect((await shop().ask('query ($v: ID!) { node(nodeId: $v) { nodeId } }', { v: value })).data).toEqual({
        node: null,
      })
    }
  })

  test('as roles, subjects, tenants and claims of a signed token change nothing', async () => {
    for (const value of hostile) {
      const roles = await shop().token({ roles: [value] })
      expect((await shop().ask(read, null, roles)).errors[0]?.extensions.code).toBe('FORBIDDEN')
      for (const given of [{ sub: value }, { tenant: value }, { claims: { region: value } }]) {
        expect((await shop().ask(read, null, await shop().token(given))).status).toBe(401)
      }
    }
  })
})
