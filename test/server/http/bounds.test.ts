import { describe, expect, test } from 'vitest'
import { defaultLimits, type HttpServerOptions, type LimitSettings } from '#server'
import { post, type ShopServer, startShopServer, useShopServer } from '../client.ts'

const limits: LimitSettings = {
  ...defaultLimits,
  operation: { ...defaultLimits.operation, maxDepth: 4, maxFields: 12, pageSize: 2, maxPageSize: 5, maxRows: 200 },
  roles: { accountManager: { maxDepth: 6, maxPageSize: 50 }, sales: { maxRows: 20 } },
  visitors: { maxFields: 3 },
  maxBatch: 3,
  bodyTimeoutMs: 300,
  idempotencyHours: 2,
}
const shop = useShopServer({ limits, introspection: false })

const manager = () => shop().token({ roles: ['accountManager'] })
const deep = '{ orders(first: 1) { nodes { customer { region: __typename orders(first: 1) { totalCount } } } } }'
const limitOf = ({ errors }: { readonly errors: readonly { readonly extensions: object }[] }) => errors[0]?.extensions

describe('limits of roles', () => {
  test('a document that passed for one caller is refused for another, on both paths', async () => {
    const token = await manager()
    // Known from the second time on.
    for (let time = 0; time < 3; time++) {
      expect((await shop().ask(deep, null, token)).errors).toEqual([])
      const refused = await shop().ask(deep)
      expect(limitOf(refused)).toEqual({ code: 'LIMIT', limit: 'maxDepth', most: 4 })
    }
  })

  test('pages and rows are those of the caller', async () => {
    const page = 'query ($n: Int) { orders(first: $n) { nodes { id } } }'
    const token = await manager()
    for (let time = 0; time < 3; time++) {
      expect(limitOf(await shop().ask(page, { n: 6 }))).toEqual({ code: 'LIMIT', limit: 'maxPageSize', most: 5 })
      expect((await shop().ask(page, { n: 6 }, token)).data.orders.nodes).toHaveLength(6)
      expect((await shop().ask('{ orders { nodes { id } } }')).data.orders.nodes).toHaveLength(2)
      expect(limitOf(await shop().ask(page, { n: 21 }))).toEqual({ code: 'LIMIT', limit: 'maxRows', most: 20 })
      expect(limitOf(await shop().ask(page, { n: 201 }, token))).toEqual({ code: 'LIMIT', limit: 'maxRows', most: 200 })
    }
  })

  test('of visitors', async () => {
    expect(
      limitOf(await shop().ask('{ a: __typename b: __typename c: __typename d: __typename }', null, null)),
    ).toEqual({
      code: 'LIMIT',
      limit: 'maxFields',
      most: 3,
    })
  })
})

describe('each limit holds for whom it is, also of documents that others may ask', () => {
  const narrow = {
    ...{
      maxDepth: 6,
      maxFields: 30,
      maxAliases: 3,
      maxDirectives: 2,
      maxTokens: 150,
      maxDefinitions: 3,
      maxVariables: 3,
    },
    ...{ maxInputDepth: 4, maxListItems: 5, maxConditions: 6, maxRows: 2_000, maxPageSize: 10, pageSize: 2 },
  }
  const filtered = 'query ($f: OrderFilter) { orders(filter: $f) { nodes { id } } }'
  const number = (equalTo: string) => ({ number: { equalTo } })
  const times = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(' ')
  const id = '00000000-0000-7000-8000-000000000000'
  const beyond: readonly (readonly [limit: keyof typeof narrow, query: string, more?: object])[] = [
    ['maxDepth', '{ orders { nodes { customer { orders { nodes { customer { id } } } } } } }'],
    ['maxFields', `{ ${times(31, () => '__typename')} }`],
    ['maxAliases', `{ ${times(4, (i) => `a${i}: __typename`)} }`],
    ['maxDirectives', `{ ${times(3, () => '__typename @include(if: true)')} }`],
    ['maxTokens', `{ ${times(9, () => 'orders(first: 1, offset: 0, orderBy: [ID_ASC]) { nodes { id } }')} }`],
    ['maxDefinitions', times(4, (i) => `query q${i} { __typename }`), { operationName: 'q1' }],
    [
      'maxVariables',
      ['q', 'r']
        .map((name) => `query ${name}($a: Int, $b: Int) { orders(first: $a, offset: $b) { nodes { id } } }`)
        .join(' '),
      { operationName: 'q' },
    ],
    ['maxInputDepth', filtered, { variables: { f: { not: { not: { not: { not: number('x') } } } } } }],
    ['maxListItems', filtered, { variables: { f: { id: { in: Array.from({ length: 6 }, () => id) } } } }],
    ['maxConditions', filtered, { variables: { f: { and: ['a', 'b', 'c', 'd'].map(number) } } }],
    ['maxRows', 'query ($n: Int) { orders(first: 1, offset: $n) { nodes { id } } }', { variables: { n: 2_000 } }],
    ['maxPageSize', 'query ($n: Int) { orders(last: $n) { nodes { id } } }', { variables: { n: 11 } }],
  ]

  test('whichever path answers', async () => {
    const settings: LimitSettings = {
      ...defaultLimits,
      operation: { ...defaultLimits.operation, ...narrow },
      roles: { accountManager: defaultLimits.operation },
    }
    await withServer({ limits: settings }, async ({ server: { url } }) => {
      const ask = async (body: object, bearer: string, type: string) => {
        const headers = { authorization: `Bearer ${bearer}`, 'content-type': type }
        return JSON.parse((await post(url, body, headers)).text)
      }
      const [wide, tight] = [await manager(), await shop().token()]
      for (const [limit, query, more = {}] of beyond) {
        const body = { query, ...more }
        // Known from the second time on, and only then on the fast path; that type is never taken there.
        for (const type of ['application/json;charset=utf-8', 'application/json', 'application/json']) {
          expect([limit, (await ask(body, wide, type)).errors]).toEqual([limit, undefined])
          const { errors, data } = await ask(body, tight, type)
          expect([limit, errors?.[0]?.extensions]).toEqual([limit, { code: 'LIMIT', limit, most: narrow[limit] }])
          expect(data?.orders ?? null).toBeNull()
        }
      }
    })
  })
})

describe('a schema that is not told', () => {
  test('suggests nothing, in documents and in variables', async () => {
    const { errors } = await shop().ask('{ order { totalCountt } ordersx { id } }')
    expect(errors.map(({ message }) => message).join()).not.toContain('Did you mean')
    const filter = await shop().ask('query ($f: OrderFilter) { orders(filter: $f) { totalCount } }', {
      f: { numbre: { equalTo: 'x' } },
    })
    expect(filter.errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }])
    expect(filter.text).not.toContain('Did you mean')
    expect((await shop().ask('{ __type(name: "Order") { name } }')).errors).toMatchObject([
      { message: expect.stringContaining('"introspection"'), extensions: { code: 'FORBIDDEN' } },
    ])
    expect((await shop().ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  test('where it is told, both are there', async () => {
    await withServer({ introspection: true }, async (server) => {
      expect((await server.ask('{ __type(name: "Order") { name } }')).data).toEqual({ __type: { name: 'Order' } })
      expect((await server.ask('{ ordersx { id } }')).errors[0]?.message).toContain('Did you mean "orders"')
    })
  })
})

describe('batches', () => {
  const batch = async (...queries: string[]) => {
    const headers = { authorization: `Bearer ${await shop().token()}` }
    const { status, text } = await post(
      shop().server.url,
      queries.map((query) => ({ query })),
      headers,
    )
    return { status, body: JSON.parse(text) }
  }

  test('as many as may be are answered one by one', async () => {
    expect(await batch('{ __typename }', '{ nope }')).toMatchObject({
      status: 200,
      body: [{ data: { __typename: 'Query' } }, { errors: [{ extensions: { code: 'VALIDATION' } }] }],
    })
    expect(await batch(...Array.from({ length: 4 }, () => '{ __typename }'))).toMatchObject({
      status: 413,
      body: { errors: [{ extensions: { code: 'LIMIT', limit: 'maxBatch', most: 3 } }] },
    })
  })

  test('together they ask for no more rows than one may', async () => {
    const page = '{ orders(first: 5) { nodes { id } } }'
    const { body } = await batch(page, `${page} `, '{ orders(first: 5) { totalCount } }')
    expect(body.filter((each: object) => 'errors' in each)).toMatchObject([
      { errors: [{ extensions: { code: 'LIMIT', limit: 'maxRows' } }] },
    ])
  })
})

test('a body that does not arrive is given up', async () => {
  const stalled = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"query"')),
  })
  const sent = fetch(`${shop().server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: stalled,
    duplex: 'half',
  } as RequestInit)
  expect(
    await sent.then(
      ({ status }) => status,
      () => 408,
    ),
  ).toBe(408)
  expect((await shop().ask('{ __typename }')).errors).toEqual([])
})

describe('pages of other origins', () => {
  const app = 'https://app.example'
  const ask = (url: string, origin: string, init: Asked = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      body: '{"query":"{ __typename }"}',
      ...init,
      headers: { 'content-type': 'application/json', origin, ...init.headers },
    })
  const question = {
    method: 'OPTIONS',
    body: null,
    headers: {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  }
  const told = ({ headers }: Response) =>
    [...headers].filter(([name]) => name.startsWith('access-control') || name === 'vary')

  test('of those that are named may ask; others are told nothing', async () => {
    await withServer({ cors: { origins: [app], credentials: true } }, async ({ server: { url } }) => {
      const before = await ask(url, app, question)
      expect(before.status).toBe(204)
      expect(Object.fromEntries(told(before))).toEqual({
        'access-control-allow-origin': app,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '7200',
        vary: 'Origin',
      })
      for (let time = 0; time < 3; time++)
        expect(Object.fromEntries(told(await ask(url, app)))).toEqual({
          'access-control-allow-origin': app,
          'access-control-allow-credentials': 'true',
          vary: 'Origin',
        })
      // A page must be able to read why it is refused.
      const unsigned = await ask(url, app, { headers: { authorization: 'Bearer x' } })
      expect([unsigned.status, unsigned.headers.get('access-control-allow-origin')]).toEqual([401, app])
      for (const origin of [
        'https://evil.example',
        `${app}.evil.example`,
        'null',
        'http://app.example',
        `${app}:444`,
      ]) {
        expect(told(await ask(url, origin))).toEqual([['vary', 'Origin']])
        const asked = await ask(url, origin, question)
        expect([asked.status, told(asked)]).toEqual([403, [['vary', 'Origin']]])
      }
    })
  })

  test('of none where nobody says anything', async () => {
    const { url } = shop().server
    for (const origin of [app, 'http://localhost:5173', 'null']) {
      for (let time = 0; time < 3; time++) expect(told(await ask(url, origin))).toEqual([])
      const asked = await ask(url, origin, question)
      expect([asked.status, told(asked)]).toEqual([403, []])
    }
  })

  test('of anywhere, where the app says so; of this machine in development', async () => {
    await withServer({ cors: { origins: ['*'], credentials: false } }, async ({ server: { url } }) => {
      for (let time = 0; time < 3; time++)
        expect(Object.fromEntries(told(await ask(url, 'https://any.example')))).toEqual({
          'access-control-allow-origin': '*',
          vary: 'Origin',
        })
    })
    await withServer({ cors: { origins: 'local', credentials: false } }, async ({ server: { url } }) => {
      for (const origin of ['http://localhost:5173', 'http://127.0.0.1', 'http://[::1]:3000'])
        expect((await ask(url, origin)).headers.get('access-control-allow-origin')).toBe(origin)
      for (const origin of ['http://localhost.evil.example', 'http://localhost:5173.evil.example', app])
        expect((await ask(url, origin)).headers.get('access-control-allow-origin')).toBeNull()
    })
  })
})

test('keys of changes are known for as long as the app says', async () => {
  const query = 'mutation { createCustomer(input: { idempotencyKey: "two", customer: { name: "Once" } }) { id } }'
  expect((await shop().ask(query, null, await manager())).errors).toEqual([])
  const { rows } = await shop().database.asOwner((client) =>
    client.query(
      `select expires_at - now() between interval '1 hour' and interval '2 hours' as two from rowhouse.answer`,
    ),
  )
  expect(rows).toEqual([{ two: true }])
})

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
}

async function withServer(options: Partial<HttpServerOptions>, test: (server: ShopServer) => Promise<void>) {
  const server = await startShopServer(shop(), shop().keys, options)
  try {
    await test(server)
  } finally {
    await server.server.close()
  }
}
