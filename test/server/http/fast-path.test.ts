import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { roleSetName } from '#migrations'
import { defaultLimits } from '#server'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { DirectRead } from '../../../server/graphql/direct/direct-read.ts'
import { hiddenEntities } from '../../../server/graphql/hidden-entities.ts'
import { answerFast } from '../../../server/http/fast-path.ts'
import { KnownDocuments } from '../../../server/http/known-documents.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { useExampleServer } from '../../support/example-server.ts'
import { writtenDocuments } from '../../support/written-documents.ts'

const example = useExampleServer()

/** Everything that the general path is left to do is answered with this by the server that has no other. */
const leftOver = 599

let server: Server
let pool: RequestPool
let fastUrl = ''
let documents: KnownDocuments

beforeAll(async () => {
  const { model, database, people } = example()
  const { id, tenant, roles, claims } = people.sam
  pool = new RequestPool({ connectionString: database.loginUrl, max: 2 })
  documents = new KnownDocuments()
  const api = createGraphqlSchema(model)
  const role = roleSetName(model.app, roles)
  const pgSettings = {
    role,
    'rowhouse.tenant_id': tenant,
    'rowhouse.actor_id': id,
    'rowhouse.claim_region': String(claims?.region ?? ''),
  }
  const context = { pgSettings, hidden: hiddenEntities(model, roles), roles, rowhouseModel: model, pool }
  const bounds = { limits: defaultLimits.operation, introspection: true, trusted: null }
  server = createServer((request, response) => {
    void answerFast(request, response, {
      ...{ api, documents, trustedDocuments: null, maxBodyBytes: 10_000, bounds, context },
    }).then((left) => {
      if (left === 'nothing') return
      left.executed?.catch(() => undefined)
      response.writeHead(leftOver).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  fastUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await pool.close()
})

/** As if the general path had let it through. */
function know(text: string): void {
  documents.set(text, parse(text))
  documents.pass(documents.get(text)!)
}

interface Asked {
  readonly query: string
  readonly variables?: object
  readonly operationName?: string
  readonly extensions?: object
}

/** By a type that is as good, and that the fast path does not take. */
const generalType = 'application/json;charset=utf-8'

async function send(url: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const authorization = `Bearer ${example().tokens.sam}`
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body,
  })
  const { 'keep-alive': _, date: __, ...kept } = Object.fromEntries(answer.headers)
  return { status: answer.status, headers: kept, text: await answer.text() }
}

const orders = 'orders(first: 3, orderBy: ID_ASC)'
const clean: readonly Asked[] = [
  { query: '{ __typename }' },
  {
    query: `{ ${orders} { totalCount nodes { id number status margin total wantedOn createdAt } pageInfo { hasNextPage } } }`,
  },
  {
    query: `{ ${orders} { nodes { customer { name contacts { nodes { email } } } lines { nodes { amount product { name } } } } } }`,
  },
  {
    query: `query ($n: Int!) { customers(first: $n) { edges { cursor node { nodeId name region } } } }`,
    variables: { n: 2 },
  },
  { query: `{ orders { aggregates { sum { margin } } groupedAggregates(groupBy: [STATUS]) { keys } } }` },
  { query: `query A { viewer { __typename } } query B { products(first: 1) { nodes { sku } } }`, operationName: 'B' },
  { query: `{ a: order(id: "00000000-0000-7000-8000-000000000000") { id } ...on Query { query { __typename } } }` },
  { query: `query ($q: [CanQuestion!]!) { can(questions: $q) { __typename } }`, variables: { q: [] } },
  { query: '{ viewer { roles } }', extensions: { clientLibrary: { name: '@apollo/client', version: '4.3.8' } } },
]

describe('what succeeds', () => {
  test.each(clean)('is answered letter by letter as by the general path: $query', async (asked) => {
    know(asked.query)
    const body = JSON.stringify(asked)
    const general = await send(`${example().server.url}/graphql`, body, { 'content-type': generalType })
    expect(general).toMatchObject({ status: 200, text: expect.stringContaining('"data":') })
    expect(await send(fastUrl, body)).toEqual(general)
    // The server takes it the second time, when it knows the document.
    for (let time = 0; time < 2; time++) expect(await send(`${example().server.url}/graphql`, body)).toEqual(general)
  })

  test.each([
    'application/json',
    'application/graphql-response+json',
    '*/*',
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'application/graphql-response+json,application/json;q=0.9',
    'application/json;q=0.1, application/graphql-response+json',
    'text/html, application/*',
    'multipart/mixed;deferSpec=20220824,application/json',
  ])('has the type that the general path gives who accepts %s', async (accept) => {
    const [{ query }] = clean as [Asked]
    know(query)
    const body = JSON.stringify({ query })
    const general = await send(`${example().server.url}/graphql`, body, { accept, 'content-type': generalType })
    expect(general.status).toBe(200)
    expect(await send(fastUrl, body, { accept })).toEqual(general)
  })
})

describe('what is unusual is left to the general path', () => {
  const query = '{ __typename }'
  const usual = JSON.stringify({ query })
  test.each([
    ['a document that is not known', JSON.stringify({ query: '{ viewer { __typename } }' }), {}],
    ['no JSON', '{', {}],
    ['a list', `[${usual}]`, {}],
    ['another key', JSON.stringify({ query, id: 'x' }), {}],
    ['the hash of a document', JSON.stringify({ query, extensions: { persistedQuery: { version: 1 } } }), {}],
    ['extensions in a list', JSON.stringify({ query, extensions: [] }), {}],
    ['extensions that are none', JSON.stringify({ query, extensions: 1 }), {}],
    ['variables in a list', JSON.stringify({ query, variables: [] }), {}],
    ['an operation that is not there', JSON.stringify({ query, operationName: 'Other' }), {}],
    ['another type', usual, { 'content-type': 'text/plain' }],
    ['events', usual, { accept: 'text/event-stream' }],
    ['a longer body than is taken', JSON.stringify({ query, variables: { long: 'x'.repeat(10_000) } }), {}],
    [
      'more rows than may be asked for',
      JSON.stringify({
        query:
          '{ orders(first: 1000) { nodes { lines(first: 1000) { nodes { product { lines(first: 1000) { nodes { id } } } } } } } }',
      }),
      {},
    ],
  ] as const)('%s', async (_, body, headers) => {
    know(query)
    if (body.includes('lines(')) know(JSON.parse(body).query)
    expect((await send(fastUrl, body, headers)).status).toBe(leftOver)
  })
})

test('what fails is told by the general path, and was done once', async () => {
  const url = `${example().server.url}/graphql`
  const query = `mutation ($number: String!, $customer: UUID!) {
    createOrder(input: { order: { number: $number, customerId: $customer } }) { order { number } } }`
  const { data } = JSON.parse(
    (await send(url, JSON.stringify({ query: '{ customers(first: 1) { nodes { id } } }' }))).text,
  )
  const ask = (number: string, type = 'application/json') =>
    send(url, JSON.stringify({ query, variables: { number, customer: data.customers.nodes[0].id } }), {
      'content-type': type,
    })
  for (const number of ['F-1', 'F-2'])
    expect((await ask(number)).text).toBe(`{"data":{"createOrder":{"order":{"number":"${number}"}}}}`)
  const refused = await ask('F-2')
  expect(refused.text).toContain('CONFLICT')
  expect(await ask('F-2', generalType)).toEqual(refused)
  const wrong = JSON.stringify({ query, variables: { number: 1 } })
  expect(await send(url, wrong)).toEqual(await send(url, wrong, { 'content-type': generalType }))
  const counted = await send(
    url,
    JSON.stringify({ query: '{ orders(filter: { number: { startsWith: "F-" } }) { totalCount } }' }),
  )
  expect(counted.text).toBe('{"data":{"orders":{"totalCount":2}}}')
})

test('a client that hangs up in the middle of its body leaves nothing behind', async () => {
  const { server: served, log } = example()
  const { port } = new URL(served.url)
  const before = log.length
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
        () => {
          socket.destroy()
          resolve()
        },
      )
    })
  })
  expect((await send(`${served.url}/graphql`, JSON.stringify({ query: '{ __typename }' }))).status).toBe(200)
  expect(log.slice(before)).toEqual([])
})

describe('every document that is written anywhere', () => {
  const json = 'application/json'
  let id = ''
  const bodyOf = (query: string) => JSON.stringify({ query, variables: { id, first: 2 } })
  const served = async (query: string, type: string) => {
    const answer = await send(`${example().server.url}/graphql`, bodyOf(query), { 'content-type': type })
    // When abilities were made.
    return { ...answer, text: answer.text.replaceAll(/"at":"[^"]+"/g, '"at":"now"') }
  }
  const documentsOf = (kind: 'query' | 'mutation') =>
    writtenDocuments().filter((text) => /^mutation\b/.test(text) === (kind === 'mutation'))

  beforeAll(async () => {
    const { text } = await send(`${example().server.url}/graphql`, '{"query":"{ orders(first: 1) { nodes { id } } }"}')
    id = JSON.parse(text).data.orders.nodes[0].id
  })

  test('asks the same by both paths', async () => {
    const taken: string[] = []
    const unlike: object[] = []
    const directly = vi.spyOn(DirectRead.prototype, 'run')
    const compare = async (query: string) => {
      const general = await served(query, generalType)
      const fast = await served(query, json)
      if (JSON.stringify(fast) !== JSON.stringify(general)) unlike.push({ query, general, fast })
      if (general.status !== 200 || general.text.includes('"errors":')) return
      know(query)
      expect([query, (await send(fastUrl, bodyOf(query))).status]).toEqual([query, 200])
      taken.push(query)
    }
    const queries = documentsOf('query')
    const work = async () => {
      for (let query = queries.pop(); query !== undefined; query = queries.pop()) await compare(query)
    }
    await Promise.all([work(), work(), work(), work()])
    const answered = await Promise.all(directly.mock.results.map(({ value }) => value as Promise<string | null>))
    directly.mockRestore()
    expect(unlike).toEqual([])
    expect(taken.length).toBeGreaterThan(50)
    // Most of them without Grafast.
    expect(answered.filter((data) => data !== null).length).toBeGreaterThan(taken.length / 2)
  })

  test('changes the same by both paths', async () => {
    const unlike: object[] = []
    // Every change meets what the one before it left behind: one of the two beside it has found the same.
    for (const query of documentsOf('mutation')) {
      const [before, fast, after] = [
        await served(query, generalType),
        await served(query, json),
        await served(query, generalType),
      ].map((answer) => JSON.stringify(answer).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[^"\\]+/g, '?'))
      if (fast !== before && fast !== after) unlike.push({ query, before, fast, after })
    }
    expect(unlike).toEqual([])
  })
})

describe('documents that are known', () => {
  test('are forgotten, however many and however long callers write them', () => {
    const many = new KnownDocuments()
    const document = parse('{ a }')
    for (let at = 0; at < 2000; at++) many.set(`{ a${at} }`, document)
    const kept = Array.from({ length: 2000 }, (_, at) => many.get(`{ a${at} }`)).filter((each) => each !== undefined)
    expect(kept).toHaveLength(500)
    const long = new KnownDocuments()
    const texts = Array.from({ length: 100 }, (_, at) => `{ a${at} }`.padEnd(19_000))
    for (const text of texts) long.set(text, document)
    expect(texts.filter((text) => long.get(text) !== undefined)).toHaveLength(15)
    long.set('{ a }'.padEnd(20_001), document)
    expect(long.get('{ a }'.padEnd(20_001))).toBeUndefined()
  })

  test('stay while they are asked for, and are not executed before they passed', () => {
    const known = new KnownDocuments()
    const document = parse('{ a }')
    known.set('{ a }', document)
    expect(known.passed('{ a }')).toBeUndefined()
    known.pass(document)
    for (let at = 0; at < 600; at++) {
      expect(known.passed('{ a }')).toBe(document)
      known.set(`{ a${at} }`, parse('{ a }'))
    }
  })
})
