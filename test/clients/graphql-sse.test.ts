import { type Client, type ClientOptions, createClient, type ExecutionResult } from 'graphql-sse'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { startShopServer, useShopServer } from '../server/client.ts'
import { gil, globex, shopId } from '../server/shop.ts'
import { blockTable } from '../support/blocked-table.ts'

// Server-sent events, each operation on a connection of its own.
const shop = useShopServer()
const clients: Client[] = []
let samsToken = ''

beforeAll(async () => {
  samsToken = await shop().token()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose()
})

/** A client of a server; without a token a visitor. */
function client(token: string | null, options: Partial<ClientOptions> = {}): Client {
  const made = createClient({
    url: `${shop().server.url}/graphql`,
    retryAttempts: 0,
    fetchFn: fetch,
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(options as object),
  })
  clients.push(made)
  return made
}

async function ask(asking: Client, query: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult> {
  const answers: ExecutionResult[] = []
  for await (const answer of asking.iterate({ query, variables })) answers.push(answer as ExecutionResult)
  expect(answers).toHaveLength(1)
  return answers[0]!
}

test.each(['Sam', 'a visitor'])('operations are answered to %s as JSON is', async (who) => {
  const token = who === 'Sam' ? samsToken : null
  const order = shopId('order', 'a', 7)
  const documents: [query: string, variables?: Record<string, unknown>][] = [
    ['{ orders(first: 3) { totalCount nodes { id customer { name } } } }'],
    ['query ($id: UUID!) { order(id: $id) { number } }', { id: order }],
    [`{ order(id: "${shopId('order', 'b', 7)}") { id } }`],
    ['{ orders { nope } }'],
    ['{ orders {'],
    ['query ($id: UUID!) { order(id: $id) { id } }', { id: 'x' }],
    ['{ orders(first: 1001) { nodes { id } } }'],
    [`{ ${Array.from({ length: 401 }, () => '__typename').join(' ')} }`],
    ['subscription { orders { id } }'],
    [`mutation { updateOrder(input: { id: "${order}", patch: { urgent: true } }) { order { urgent } } }`],
    [`mutation { deleteProduct(input: { id: "${shopId('product', 'a', 1)}" }) { id } }`],
  ]
  for (const [query, variables] of documents) {
    const { text } = await fetchText(query, variables, token)
    expect({ query, ...(await ask(client(token), query, variables)) }).toEqual({
      query,
      ...(JSON.parse(text) as object),
    })
  }
})

async function fetchText(query: string, variables: object | undefined, token: string | null) {
  const response = await fetch(`${shop().server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  return { text: await response.text() }
}

test('two tenants at the same time see each its own', async () => {
  const gils = await shop().token({ sub: gil, tenant: globex })
  const query = '{ customers { nodes { name } } }'
  const both = await Promise.all([samsToken, gils, samsToken, gils].map((token) => ask(client(token), query)))
  const names = both.map(({ data }) => JSON.stringify(data))
  expect(names.map((text) => [text.includes('Acme'), text.includes('Globex')])).toEqual([
    [true, false],
    [false, true],
    [true, false],
    [false, true],
  ])
})

test('a token that is not valid is refused, never taken for a visitor', async () => {
  await expect(ask(client('nonsense'), '{ __typename }')).rejects.toMatchObject({ response: { status: 401 } })
})

test('whoever goes away stops what runs', async () => {
  const table = await blockTable(shop().database, 'app.product')
  try {
    const stop = client(samsToken).subscribe(
      { query: '{ products { totalCount } }' },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    )
    await table.until(1)
    stop()
    await table.until(0)
  } finally {
    await table.release()
  }
})

test('what runs is answered when the server ends', async () => {
  const own = await startShopServer(shop(), shop().keys)
  const table = await blockTable(shop().database, 'app.product')
  const running = ask(client(samsToken, { url: `${own.server.url}/graphql` }), '{ products { totalCount } }')
  await table.until(1)
  const ended = own.server.close()
  await table.release()
  expect(await running).toEqual({ data: { products: { totalCount: 4 } } })
  await ended
})

test('pages of other sites listen to nothing: what EventSource sends is refused without a header that it cannot send', async () => {
  const url = `${shop().server.url}/graphql?query=${encodeURIComponent('{ viewer { id } }')}`
  const headers = { accept: 'text/event-stream' }
  expect((await fetch(url, { headers })).status).toBe(403)
  const allowed = await fetch(url, { headers: { ...headers, 'graphql-require-preflight': '1' } })
  expect([allowed.status, allowed.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  expect(await allowed.text()).toContain('event: next\ndata: {"data":{"viewer":{"id":null}}}\n\nevent: complete\n')
})

test('one connection for several operations is not offered', async () => {
  const asked = ask(client(samsToken, { singleConnection: true } as never), '{ __typename }')
  await expect(asked).rejects.toMatchObject({ response: { status: 405 } })
})
