import { once } from 'node:events'
import { type Client, type ClientOptions, createClient, type ExecutionResult, type SubscribePayload } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ShopServer, startShopServer, useShopServer } from '../server/client.ts'
import { gil, globex, sam, shopId } from '../server/shop.ts'
import { blockTable } from '../support/blocked-table.ts'

// The client that Apollo, urql and Relay speak through.
const german = { VALIDATION: 'So geht es nicht: {message}', LIMIT: 'Zu viel auf einmal.' }
const shop = useShopServer({ messages: { de: german } })
const clients: Client[] = []
let samsToken = ''

beforeAll(async () => {
  samsToken = await shop().token()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
})

/** A client of the shop's server; whoever `params` name, without any a visitor. */
function client(params?: ClientOptions['connectionParams'], options: Partial<ClientOptions> = {}): Client {
  const url = `${shop().server.url.replace('http', 'ws')}/graphql`
  const made = createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(params === undefined ? {} : { connectionParams: params }),
    ...options,
  })
  clients.push(made)
  return made
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The one answer of an operation, also where it was refused. */
async function ask(
  asking: Client,
  query: string,
  ...[variables, extensions]: SubscribePayload['variables'][]
): Promise<ExecutionResult> {
  try {
    const answers: unknown[] = []
    for await (const answer of asking.iterate({ query, variables, extensions })) answers.push(answer)
    expect(answers).toHaveLength(1)
    return answers[0] as ExecutionResult
  } catch (error) {
    if (Array.isArray(error)) return { errors: error } as ExecutionResult
    throw error
  }
}

describe('operations', () => {
  const order = shopId('order', 'a', 7)
  const documents: [name: string, query: string, more?: Pick<SubscribePayload, 'variables' | 'extensions'>][] = [
    ['a list', '{ orders(first: 3) { totalCount nodes { id total customer { name } } pageInfo { endCursor } } }'],
    ['variables', 'query ($id: UUID!) { order(id: $id) { id number } }', { variables: { id: order } }],
    ['another tenant', `{ order(id: "${shopId('order', 'b', 7)}") { id } }`],
    ['an unknown field', '{ orders { nope } }'],
    ['no GraphQL', '{ orders {'],
    ['a wrong value', 'query ($id: UUID!) { order(id: $id) { id } }', { variables: { id: 'x' } }],
    ['a missing value', 'query ($id: UUID!) { order(id: $id) { id } }'],
    ['too many rows', '{ orders(first: 1001) { nodes { id } } }'],
    ['too many fields', `{ ${Array.from({ length: 401 }, () => '__typename').join(' ')} }`],
    ['a hash', '', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
    ['no operation', 'fragment f on Query { __typename }'],
    ['a subscription', 'subscription { orders { id } }'],
    ['a refused change', `mutation { createCustomer(input: { customer: { name: "${'x'.repeat(201)}" } }) { id } }`],
    ['a broken rule', `mutation { deleteProduct(input: { id: "${shopId('product', 'a', 1)}" }) { id } }`],
    ['a conflict', `mutation { createCustomer(input: { customer: { name: "x", email: "c1@example.com" } }) { id } }`],
    [
      'two changes, one refused',
      `mutation { a: updateOrder(input: { id: "${order}", patch: { urgent: true } }) { id } b: deleteProduct(input: { id: "${order}" }) { id } }`,
    ],
  ]

  test.each(['Sam', 'a visitor', 'Sam in German'])('are answered to %s as over HTTP', async (who) => {
    const authorization: Record<string, string> = who === 'a visitor' ? {} : bearer(samsToken)
    const language: Record<string, string> = who === 'Sam in German' ? { 'Accept-Language': 'de' } : {}
    const asking = client({ headers: { ...authorization, ...language } })
    for (const [name, query, more = {}] of documents) {
      const response = await fetch(`${shop().server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization, ...language },
        body: JSON.stringify({ query, ...more }),
      })
      expect({ name, ...(await ask(asking, query, more.variables, more.extensions)) }).toEqual({
        name,
        ...((await response.json()) as object),
      })
    }
    const words = (await ask(asking, '{ orders { nope } }')).errors?.[0]?.message
    expect(words?.startsWith('So geht es nicht')).toBe(who === 'Sam in German')
  })

  test('changes are kept, once for each idempotency key', async () => {
    const asking = client(bearer(samsToken))
    const make = `mutation ($key: String) { createCustomer(input: { idempotencyKey: $key, customer: { name: "Over a socket" } }) { customer { id name } } }`
    const key = crypto.randomUUID()
    const [one, other] = await Promise.all([ask(asking, make, { key }), ask(asking, make, { key })])
    expect(one.data).toMatchObject({ createCustomer: { customer: { name: 'Over a socket' } } })
    expect(other).toEqual(one)
    const { data } = await shop().ask('{ customers(filter: { name: { equalTo: "Over a socket" } }) { totalCount } }')
    expect(data).toEqual({ customers: { totalCount: 1 } })
  })

  test('many at once have each its own answer', async () => {
    const asking = client(bearer(samsToken))
    const ids = Array.from({ length: 30 }, (_, n) => shopId('order', 'a', n + 1))
    const query = 'query ($id: UUID!) { order(id: $id) { id } }'
    const answers = await Promise.all(ids.map((id) => ask(asking, query, { id })))
    expect(answers.map(({ data }) => data)).toEqual(ids.map((id) => ({ order: { id } })))
  })

  test('one that its client gives up stops in Postgres, and the others go on', async () => {
    const asking = client(bearer(samsToken))
    const table = await blockTable(shop().database, 'app.product')
    try {
      const giveUp = asking.subscribe(
        { query: '{ products { totalCount } }' },
        { next: () => undefined, error: () => undefined, complete: () => undefined },
      )
      const other = ask(asking, '{ products { totalCount } }')
      await table.until(2)
      giveUp()
      await table.until(1)
      await table.release()
      expect(await other).toEqual({ data: { products: { totalCount: 4 } } })
    } finally {
      await table.release()
    }
  })

  test('whoever goes away stops all of theirs', async () => {
    const asking = client(bearer(samsToken))
    const table = await blockTable(shop().database, 'app.product')
    try {
      const given = Promise.allSettled([1, 2, 3].map(() => ask(asking, '{ products { totalCount } }')))
      await table.until(3)
      asking.terminate()
      await table.until(0)
      expect((await given).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    } finally {
      await table.release()
    }
  })
})

describe('who asks', () => {
  const count = '{ orders { totalCount } }'
  const viewer = '{ viewer { id } }'

  /** A socket whose upgrade carries headers, as only what is no browser can send. */
  function withHeaders(headers: Record<string, string>): Partial<ClientOptions> {
    return {
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers })
        }
      },
    }
  }

  test.each<[string, () => [ClientOptions['connectionParams']?, Partial<ClientOptions>?], string | null]>([
    ['authorization', () => [bearer(samsToken)], sam],
    ['Authorization', () => [{ Authorization: `Bearer ${samsToken}` }], sam],
    ['headers', () => [{ headers: { Authorization: `Bearer ${samsToken}` } }], sam],
    ['the upgrade', () => [undefined, withHeaders(bearer(samsToken))], sam],
    ['the payload before the upgrade', () => [bearer(samsToken), withHeaders(bearer('x'))], sam],
    ['nothing', () => [], null],
    ['null', () => [{ authorization: null, headers: null }], null],
  ])('is told by %s', async (_, params, id) => {
    const { data, errors } = await ask(client(...params()), viewer)
    expect({ data, errors }).toEqual({ data: { viewer: { id } }, errors: undefined })
  })

  test.each<[string, unknown, Partial<ClientOptions>?]>([
    ['no token', 'nonsense'],
    ['no bearer', 'Basic dTpw'],
    ['nothing in it', ''],
    ['a number', 1],
    ['a list', ['Bearer x']],
    ['a forged one', `Bearer ${'x'.repeat(20)}.${'y'.repeat(20)}.${'z'.repeat(20)}`],
    ['on the upgrade', undefined, withHeaders({ authorization: 'Bearer nonsense' })],
  ])('with an authorization that is %s nobody is taken for a visitor', async (_, authorization, options = {}) => {
    const before = shop().log.length
    const asked = ask(client({ authorization }, options), viewer)
    await expect(asked).rejects.toMatchObject({ code: 4403, reason: 'The token is not valid.' })
    expect(shop().log.slice(before)).toEqual([{ kind: 'unauthenticated', reason: expect.any(String) }])
  })

  test('sockets of two tenants see each its own rows, at the same time', async () => {
    const gils = await shop().token({ sub: gil, tenant: globex })
    const [acmes, globexes] = [client(bearer(samsToken)), client(bearer(gils))]
    const query = '{ customers(orderBy: NAME_ASC) { nodes { name } } }'
    const write = (name: string) => `mutation { createCustomer(input: { customer: { name: "${name}" } }) { id } }`
    await Promise.all([ask(acmes, write('Acme by socket')), ask(globexes, write('Globex by socket'))])
    const rounds = Array.from({ length: 5 }, () => Promise.all([ask(acmes, query), ask(globexes, query)]))
    for (const [mine, theirs] of await Promise.all(rounds)) {
      expect([namesOf(mine), namesOf(theirs)]).toEqual([
        expect.arrayContaining(['Acme by socket', 'Acme customer 1']),
        expect.arrayContaining(['Globex by socket', 'Globex customer 1']),
      ])
      expect(namesOf(mine).some((name) => name.includes('Globex'))).toBe(false)
      expect(namesOf(theirs).some((name) => name.includes('Acme'))).toBe(false)
    }
    expect((await ask(globexes, `{ order(id: "${shopId('order', 'a', 1)}") { id } }`)).data).toEqual({ order: null })
  })

  function namesOf({ data }: ExecutionResult): string[] {
    return (data as { customers: { nodes: { name: string }[] } }).customers.nodes.map(({ name }) => name)
  }

  test('when the token expires what runs is answered, what comes then is not begun, and clients go on with a new one', async () => {
    // Clocks may differ by five seconds: it is believed for three more.
    const begun = Date.now()
    const tokens = [await shop().token({ lifetimeSeconds: -2 }), samsToken]
    const [socket, ended] = await speaking({ token: tokens[0]! })
    const answers: unknown[] = []
    socket.on('message', (data) => answers.push(JSON.parse((data as Buffer).toString())))
    const subscribe = (id: string, query: string) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }))
    const asking = client(() => bearer(tokens.shift()!), { retryAttempts: 1, lazy: false })
    const closed = new Promise((resolve) => asking.on('closed', resolve))
    expect((await ask(asking, count)).data).toEqual({ orders: { totalCount: 120 } })
    const table = await blockTable(shop().database, 'app.product')
    try {
      subscribe('before', '{ products { totalCount } }')
      await table.until(1)
      expect(await closed).toMatchObject({ code: 4403, reason: 'The token has expired.' })
      expect((await ask(asking, count)).data).toEqual({ orders: { totalCount: 120 } })
      expect(tokens).toEqual([])
      await until(begun + 3_100)
      subscribe('after', '{ __typename }')
      socket.ping()
      await once(socket, 'pong')
      expect(answers).toEqual([])
    } finally {
      await table.release()
    }
    expect(await ended).toEqual([4403, 'The token has expired.'])
    expect(answers).toEqual([
      { id: 'before', type: 'next', payload: { data: { products: { totalCount: 4 } } } },
      { id: 'before', type: 'complete' },
    ])
  })

  /** A socket that has said who it is. */
  async function speaking({ token }: { readonly token: string }): Promise<[WebSocket, Promise<[number, string]>]> {
    const socket = new WebSocket(`${shop().server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code, String(reason)])
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(token) }))
    await once(socket, 'message')
    return [socket, closed]
  }

  async function until(moment: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - Date.now())))
  }
})

describe('when the server changes', () => {
  let own: ShopServer
  beforeAll(async () => {
    own = await startShopServer(shop(), shop().keys)
  })
  afterAll(() => own.server.close())

  const described = '{ __type(name: "Order") { description } }'

  test('a connection that stays open asks the new model, and its client asks on when the server ends', async () => {
    const url = `${own.server.url.replace('http', 'ws')}/graphql`
    const asking = client(bearer(samsToken), { url })
    const before = await ask(asking, described)
    const entities = own.model.entities.map((each) => (each.name === 'Order' ? { ...each, note: 'New.' } : each))
    await own.server.replace({ ...own.model, entities }, async () => undefined)
    expect(before.data).toMatchObject({ __type: { description: expect.stringContaining('asked for') } })
    expect((await ask(asking, described)).data).toEqual({ __type: { description: 'New.' } })

    const table = await blockTable(shop().database, 'app.product')
    const closed = new Promise((resolve) => asking.on('closed', resolve))
    const running = ask(asking, '{ products { totalCount } }')
    await table.until(1)
    const ended = own.server.close()
    await table.release()
    expect(await running).toEqual({ data: { products: { totalCount: 4 } } })
    expect(await closed).toMatchObject({ code: 1001, reason: 'The server is ending.' })
    await ended
  })
})
