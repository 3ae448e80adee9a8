import { parse } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { TrustedDocuments } from '../../../server/http/documents/trusted-documents.ts'
import { type Answer, post, type ShopServer, startShopServer, useShopServer } from '../client.ts'

const orders =
  'query Orders { orders(first: 2) { nodes { ...OrderRow } totalCount } } fragment OrderRow on Order { id number }'
const one = 'query One($id: UUID!) { order(id: $id) { id customer { id name } } }'
const texts = new Map([
  ['orders', orders],
  ['5e1f', one],
])
const documents = new TrustedDocuments(texts)
const shop = useShopServer({ documents: { documents, accept: 'trusted', openTo: ['accountManager'] } })
let open: ShopServer
beforeAll(async () => {
  open = await startShopServer(shop(), shop().keys, { documents: { documents, accept: 'all', openTo: [] } })
})
afterAll(() => open.server.close())

async function send(body: object, server = shop()): Promise<Answer> {
  return post(server.server.url, body, { authorization: `Bearer ${await server.token()}` })
}

async function get(search: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${await shop().token()}` }
  const response = await fetch(`${shop().server.url}/graphql?${search}`, { headers })
  return { data: null, errors: [], ...JSON.parse(await response.text()) }
}

const codesOf = ({ errors }: { readonly errors: readonly { readonly extensions: { readonly code?: unknown } }[] }) =>
  errors.map(({ extensions }) => extensions.code)

/** Known from the second time on, and then answered by the other path. */
async function thrice(ask: () => Promise<void>): Promise<void> {
  for (let time = 0; time < 3; time++) await ask()
}

describe('a document by its id', () => {
  test.each([
    [{ documentId: 'orders' }],
    [{ documentId: 'sha256:orders', operationName: 'Orders' }],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'orders' } } }],
    [{ documentId: 'orders', extensions: { clientLibrary: { name: 'x' } } }],
  ])('is answered: %j', async (body) => {
    const told = await shop().ask(orders)
    expect(told.data.orders.nodes).toHaveLength(2)
    await thrice(async () => expect((await send(body)).data).toEqual(told.data))
  })

  test('takes variables, and is validated with them', async () => {
    const [{ id }] = (await shop().ask(orders)).data.orders.nodes
    await thrice(async () => {
      expect((await send({ documentId: '5e1f', variables: { id } })).data.order.id).toBe(id)
      expect(codesOf(await send({ documentId: '5e1f', variables: { id: 'x' } }))).toEqual(['VALIDATION'])
    })
  })

  test('may stand in an address', async () => {
    const { data } = await get('documentId=orders')
    expect(data.orders.nodes).toHaveLength(2)
    expect(codesOf(await get('documentId=nobody'))).toEqual(['UNTRUSTED'])
  })

  test.each([
    [{ documentId: 'nobody' }],
    [{ documentId: '__proto__' }],
    [{ documentId: 'sha256:' }],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'nobody' } } }],
  ])('that is unknown is refused: %j', async (body) => {
    await thrice(async () => expect(codesOf(await send(body))).toEqual(['UNTRUSTED']))
  })

  test('that is no text is none', async () => {
    for (const documentId of [7, null, {}, ['orders']])
      expect(codesOf(await send({ documentId }))).toEqual(['VALIDATION'])
  })
})

describe('where trusted documents are accepted alone', () => {
  test.each([
    ['as it is', orders],
    ['laid out otherwise', orders.replaceAll(' ', '\n\t')],
    [
      'with __typename where clients put it',
      orders.replace('number', 'number __typename').replace('totalCount', '__typename totalCount'),
    ],
    ['with its fragment in front', orders.replace(/^(.*) (fragment .*)$/, '$2 $1')],
  ])('the text of one is answered %s', async (_, text) => {
    await thrice(async () => expect((await shop().ask(text)).data.orders.nodes).toHaveLength(2))
  })

  test.each([
    ['another document', '{ orders { nodes { id } } }'],
    ['more fields', orders.replace('number', 'number status')],
    ['fields under another name', orders.replace('number', 'id2: number')],
    ['another argument', orders.replace('first: 2', 'first: 3')],
    ['a directive', orders.replace('number', 'number @skip(if: false)')],
    ['a type under another name', orders.replace('number', 'a: __typename number')],
    [
      'another fragment',
      orders.replace('...OrderRow', '...OrderRow ...More').concat(' fragment More on Order { status }'),
    ],
    ['a fragment that is spread nowhere', `${orders} fragment Guess on Order { guess }`],
    ['a type', `${orders} type Guess { id: ID }`],
    [
      'a mutation',
      'mutation Orders { deleteOrder(input: { id: "00000000-0000-4000-8000-000000000000" }) { clientMutationId } }',
    ],
  ])('%s is refused', async (_, text) => {
    await thrice(async () => expect(codesOf(await shop().ask(text))).toEqual(['UNTRUSTED']))
  })

  test('another operation beside a trusted one is refused, whichever is asked for', async () => {
    const sameName = `query Orders { guess } ${orders}`
    expect(codesOf(await send({ query: sameName, operationName: 'Orders' }))).toEqual(['UNTRUSTED'])
    const query = `${orders} query More { customers { totalCount } }`
    for (const operationName of ['Orders', 'More'])
      await thrice(async () => expect(codesOf(await send({ query, operationName }))).toEqual(['UNTRUSTED']))
  })

  test('a text is not read beyond the first operation that nobody knows', () => {
    let reads = 0
    const text = `query A { ...F } query B { ...F } query C { ...F } fragment F on Query { orders { totalCount } }`
    const document = parse(text)
    const fragment = document.definitions.at(-1) as { selectionSet: object }
    const { selectionSet } = fragment
    const get = () => {
      reads++
      return selectionSet
    }
    Object.defineProperty(fragment, 'selectionSet', { enumerable: true, get })
    const readsOf = (given: typeof document) => {
      reads = 0
      expect(documents.trusts(given)).toBe(false)
      return reads
    }
    const all = readsOf(document)
    const one = readsOf({ ...document, definitions: [document.definitions[0]!, document.definitions.at(-1)!] })
    expect(all).toBe(one)
  })

  test('a visitor is bound as everybody is', async () => {
    expect(codesOf(await shop().ask('{ orders { totalCount } }', null, null))).toEqual(['UNTRUSTED'])
  })

  test('over WebSockets, too', async () => {
    const connectionParams = { authorization: `Bearer ${await shop().token()}` }
    const url = `${shop().server.url.replace('http', 'ws')}/graphql`
    const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 })
    const ask = (payload: { query: string; extensions?: Record<string, unknown> }) => client.iterate(payload).next()
    await expect(ask({ query: '{ orders { totalCount } }' })).rejects.toMatchObject([
      { extensions: { code: 'UNTRUSTED' } },
    ])
    const persistedQuery = { version: 1, sha256Hash: 'orders' }
    for (const payload of [{ query: orders }, { query: '', extensions: { persistedQuery } }])
      expect((await ask(payload)).value).toMatchObject({ data: { orders: { nodes: [{}, {}] } } })
    await client.dispose()
  })

  test('roles that they are open to may send any, and nobody else what they sent', async () => {
    const text = '{ orders(first: 1) { nodes { id status } } }'
    const token = await shop().token({ roles: ['accountManager'] })
    await thrice(async () => {
      expect((await shop().ask(text, null, token)).data.orders.nodes).toHaveLength(1)
      expect(codesOf(await shop().ask(text))).toEqual(['UNTRUSTED'])
    })
  })
})

describe('where every document is accepted', () => {
  test('ids are answered, and so are texts', async () => {
    await thrice(async () => {
      expect((await send({ documentId: 'orders' }, open)).data.orders.nodes).toHaveLength(2)
      expect((await open.ask('{ orders(first: 1) { nodes { id } } }')).errors).toEqual([])
    })
  })

  test('an unknown id is refused, and a hash that a client made up is answered with what has it send the text', async () => {
    expect(codesOf(await send({ documentId: 'nobody' }, open))).toEqual(['UNTRUSTED'])
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'nobody' } }
    expect(codesOf(await send({ extensions }, open))).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED'])
  })
})
