import { createHash, randomUUID } from 'node:crypto'
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client'
import { BatchHttpLink } from '@apollo/client/link/batch-http'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { RetryLink } from '@apollo/client/link/retry'
import { relayStylePagination } from '@apollo/client/utilities'
import { beforeAll, describe, expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { type RecordedFetch, recordedFetch } from './recorded-fetch.ts'

/** Apollo Client 4, as a front-end without React uses it. */
const example = useExampleServer()

interface Asking extends RecordedFetch {
  readonly client: ApolloClient
}

interface Wish {
  readonly who?: 'ada' | 'sam' | null
  readonly cache?: InMemoryCache
  readonly options?: Partial<HttpLink.Options>
  readonly before?: ApolloLink
}

function ask({ who = 'ada', cache = new InMemoryCache(), options = {}, before }: Wish = {}): Asking {
  const { fetch, sent } = recordedFetch()
  const headers: Record<string, string> = who === null ? {} : { authorization: `Bearer ${example().tokens[who]}` }
  const http = new HttpLink({ uri: `${example().server.url}/graphql`, headers, fetch, ...options })
  const link = before === undefined ? http : ApolloLink.from([before, http])
  return { client: new ApolloClient({ link, cache }), fetch, sent }
}

/** A document whose answer is of a type. */
const typed = <Data>(text: TemplateStringsArray): TypedDocumentNode<Data, Record<string, unknown>> => gql(text.join(''))

interface Order {
  readonly __typename: 'Order'
  readonly id: string
  readonly number: string
  readonly notes: string | null
}

const listed = typed<{ orders: { nodes: Order[] } }>`query Listed($first: Int!) {
  orders(first: $first, orderBy: [NUMBER_ASC], filter: { status: { equalTo: draft } }) { nodes { id number notes } }
}`
const one = typed<{ order: Order | null }>`query One($id: UUID!) { order(id: $id) { id number notes } }`
const annotate = typed<{ updateOrder: { order: Order } }>`mutation Annotate($id: UUID!, $notes: String) {
  updateOrder(input: { id: $id, patch: { notes: $notes } }) { order { id notes } }
}`

let orders: readonly Order[]
beforeAll(async () => {
  const { data } = await ask().client.query({ query: listed, variables: { first: 10 } })
  orders = data!.orders.nodes
  expect(orders).toHaveLength(10)
})

describe('the cache', () => {
  test('knows a row by its type and id: who watches a list sees what a mutation answered', async () => {
    const { client, sent } = ask()
    const seen: (string | null | undefined)[] = []
    const watched = client.watchQuery({ query: listed, variables: { first: 3 } })
    const watching = watched.subscribe(({ data, loading }) => {
      if (!loading) seen.push(data?.orders?.nodes?.[1]?.notes)
    })
    await expect.poll(() => seen.length).toBe(1)
    const { id } = orders[1]!
    await client.mutate({ mutation: annotate, variables: { id, notes: 'seen by all' } })
    expect(seen.at(-1)).toBe('seen by all')
    expect(Object.keys(client.cache.extract() as object)).toContain(`Order:${id}`)
    expect(sent).toHaveLength(2)
    watching.unsubscribe()
  })

  test('a row that came with a list need not be fetched when a field policy says where it is', async () => {
    const toRow = (typename: string) => ({
      read: (
        known: unknown,
        { args, toReference }: { args: { id?: string } | null; toReference: (of: object) => unknown },
      ) => known ?? toReference({ __typename: typename, id: args?.id }),
    })
    const cache = new InMemoryCache({ typePolicies: { Query: { fields: { order: toRow('Order') as never } } } })
    const { client, sent } = ask({ cache })
    await client.query({ query: listed, variables: { first: 2 } })
    const { data } = await client.query({ query: one, variables: { id: orders[0]!.id } })
    expect(data!.order).toMatchObject({ id: orders[0]!.id, number: orders[0]!.number })
    expect(sent).toHaveLength(1)
  })

  test('by the global id instead, which also rows with keys of several fields have', async () => {
    const cache = new InMemoryCache({ dataIdFromObject: ({ nodeId }) => nodeId as string | undefined })
    const { client } = ask({ cache })
    const { data } = await client.query({
      query: typed<{
        orders: { nodes: { nodeId: string }[] }
      }>`{ orders(first: 1) { nodes { nodeId number lines(first: 1) { nodes { nodeId } } } } }`,
    })
    expect(Object.keys(cache.extract())).toContain(data!.orders.nodes[0]!.nodeId)
  })

  test('a row that is gone is evicted from every list, by what the payload says', async () => {
    const { client } = ask()
    const made = await client.mutate({
      mutation: typed<{ createOrder: { order: Order } }>`mutation ($customer: UUID!) {
        createOrder(input: { order: { number: "A-GONE", customerId: $customer } }) { order { id number notes } } }`,
      variables: { customer: await anyCustomer() },
    })
    const { id } = made.data!.createOrder.order
    const query = typed<{
      orders: { nodes: Order[] }
    }>`{ orders(filter: { number: { equalTo: "A-GONE" } }) { nodes { id } } }`
    expect((await client.query({ query })).data!.orders.nodes).toHaveLength(1)
    await client.mutate({
      mutation: typed<{
        deleteOrder: { id: string }
      }>`mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }`,
      variables: { id },
      update: (cache, { data }) => {
        cache.evict({ id: cache.identify({ __typename: 'Order', id: data!.deleteOrder.id })! })
        cache.gc()
      },
    })
    expect(client.readQuery({ query })!.orders.nodes).toEqual([])
  })

  test('`query` of a payload is the root of the cache: lists and totals are fresh with the change, in one request', async () => {
    const { client, sent } = ask()
    const query = typed<{ products: { totalCount: number } }>`{ products { totalCount } }`
    const before = (await client.query({ query })).data!.products.totalCount
    await client.mutate({
      mutation: typed<unknown>`mutation { createProduct(input: { product: { sku: "AP-0001", name: "Fresh", price: "1.00" } }) { query { products { totalCount } } } }`,
    })
    expect((await client.query({ query })).data!.products.totalCount).toBe(before + 1)
    expect(sent).toHaveLength(2)
  })

  test('a change is shown before it is answered, and taken back where it is refused', async () => {
    const { client } = ask({ who: 'sam' })
    const { data } = await client.query({
      query: typed<{
        products: { nodes: { id: string; name: string }[] }
      }>`{ products(first: 1) { nodes { id name } } }`,
    })
    const product = data!.products.nodes[0]!
    const fragment = typed<unknown>`fragment Named on Product { name }`
    const named = () => client.readFragment<{ name: string }>({ fragment, id: `Product:${product.id}` }, true)?.name
    const changed = client.mutate({
      mutation: typed<unknown>`mutation ($id: UUID!) { updateProduct(input: { id: $id, patch: { name: "Mine" } }) { product { id name } } }`,
      variables: { id: product.id },
      optimisticResponse: {
        updateProduct: {
          product: { __typename: 'Product', id: product.id, name: 'Mine' },
          __typename: 'UpdateProductPayload',
        },
      },
    })
    expect(named()).toBe('Mine')
    await expect(changed).rejects.toSatisfy((error) => codesOf(error).includes('FORBIDDEN'))
    expect(named()).toBe(product.name)
  })

  test('lists are read again by name after a change', async () => {
    const { client, sent } = ask()
    const watching = client.watchQuery({ query: listed, variables: { first: 1 } }).subscribe(() => undefined)
    await expect.poll(() => sent.length).toBe(1)
    await client.mutate({
      mutation: annotate,
      variables: { id: orders[0]!.id, notes: 'again' },
      refetchQueries: ['Listed'],
      awaitRefetchQueries: true,
    })
    expect(sent.map(({ body }) => body.operationName)).toEqual(['Listed', 'Annotate', 'Listed'])
    watching.unsubscribe()
  })
})

async function anyCustomer(): Promise<string> {
  const { data } = await example().ask('ada', '{ customers(first: 1) { nodes { id } } }')
  return data.customers.nodes[0].id
}

function codesOf(error: unknown): readonly unknown[] {
  return CombinedGraphQLErrors.is(error) ? error.errors.map(({ extensions }) => extensions?.code) : []
}

interface OrderPages {
  readonly orders: {
    readonly edges: readonly { readonly node: Order }[]
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
  }
}

describe('pages', () => {
  const byCursor = typed<OrderPages>`
    query Pages($first: Int!, $after: Cursor) {
      orders(first: $first, after: $after, orderBy: [CREATED_AT_DESC]) { edges { cursor node { id number } } pageInfo { endCursor hasNextPage } }
    }`

  test('by cursor, put together by relayStylePagination', async () => {
    const orders = relayStylePagination(['filter', 'orderBy', 'search', 'distinctOn'])
    const { client, sent } = ask({ cache: new InMemoryCache({ typePolicies: { Query: { fields: { orders } } } }) })
    const watched = client.watchQuery({ query: byCursor, variables: { first: 4 } })
    const seen: OrderPages['orders'][] = []
    const watching = watched.subscribe(({ data, dataState }) => {
      if (dataState === 'complete') seen.push(data.orders)
    })
    await expect.poll(() => seen.at(-1)?.edges.length).toBe(4)
    for (const length of [8, 12]) {
      await watched.fetchMore({ variables: { after: seen.at(-1)!.pageInfo.endCursor } })
      await expect.poll(() => seen.at(-1)!.edges.length).toBe(length)
    }
    const { edges, pageInfo } = seen.at(-1)!
    expect(new Set(edges.map(({ node }) => node.id)).size).toBe(12)
    expect(pageInfo.hasNextPage).toBe(true)
    expect(sent).toHaveLength(3)
    watching.unsubscribe()
  })

  test('by number need no policy: a page that was seen is there', async () => {
    const { client, sent } = ask()
    const pages: (readonly string[])[] = []
    for (const offset of [0, 3, 0]) {
      const { data } = await client.query({ query: byOffset, variables: { offset } })
      pages.push(data!.products.nodes.map(({ id }) => id))
    }
    expect(pages[2]).toEqual(pages[0])
    expect(new Set(pages.flat()).size).toBe(6)
    expect(sent).toHaveLength(2)
  })

  test('by offset, put together', async () => {
    const products = { keyArgs: ['filter', 'orderBy'], merge: inPlace }
    const { client } = ask({ cache: new InMemoryCache({ typePolicies: { Query: { fields: { products } } } }) })
    const watched = client.watchQuery({ query: byOffset, variables: { offset: 0 } })
    const seen: number[] = []
    const watching = watched.subscribe(({ data, dataState }) => {
      if (dataState === 'complete') seen.push(new Set(data.products.nodes.map(({ id }) => id)).size)
    })
    await expect.poll(() => seen.at(-1)).toBe(3)
    await watched.fetchMore({ variables: { offset: 3 } })
    await expect.poll(() => seen.at(-1)).toBe(6)
    watching.unsubscribe()
  })

  test('parts of one list that are asked for apart are kept beside each other, where its type is merged', async () => {
    const cache = new InMemoryCache({ typePolicies: { OrderLineConnection: { merge: true } } })
    const { client, sent } = ask({ cache })
    const { id } = orders[0]!
    const rows = typed<unknown>`query ($id: UUID!) { order(id: $id) { id lines { nodes { id quantity } } } }`
    const total = typed<unknown>`query ($id: UUID!) { order(id: $id) { id lines { totalCount } } }`
    for (const query of [rows, total, rows, total]) await client.query({ query, variables: { id } })
    expect(sent).toHaveLength(2)
  })
})

interface Products {
  readonly products: { readonly nodes: readonly { readonly id: string }[] }
}

const byOffset = typed<Products>`query ($offset: Int!) { products(first: 3, offset: $offset) { nodes { id } } }`

interface Rows {
  readonly nodes: readonly unknown[]
}

/** Each row in its place, however often a page is read. */
function inPlace(known: Rows | undefined, page: Rows, { args }: { args: Record<string, unknown> | null }): Rows {
  const nodes = [...(known?.nodes ?? [])]
  page.nodes.forEach((node, at) => {
    nodes[Number(args?.offset ?? 0) + at] = node
  })
  return { ...known, ...page, nodes }
}

describe('errors', () => {
  const wrong = typed<{
    orders: { totalCount: number } | null
    viewer: { id: string }
  }>`{ orders { totalCount } viewer { id } }`

  test('are thrown with their code, or told beside what could be answered', async () => {
    const { client } = ask({ who: null })
    await expect(client.query({ query: wrong })).rejects.toSatisfy((error) => codesOf(error).includes('FORBIDDEN'))
    const { data, error } = await client.query({ query: wrong, errorPolicy: 'all' })
    expect(data).toMatchObject({ orders: null, viewer: { id: null } })
    expect(codesOf(error)).toEqual(['FORBIDDEN'])
  })

  test('fields that were wrong are there for a form', async () => {
    const { client } = ask()
    const mutation = typed<unknown>`mutation { createProduct(input: { product: { sku: "", name: "", price: "-1" } }) { id } }`
    const error = await client.mutate({ mutation }).catch((thrown: unknown) => thrown)
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]).toMatchObject({
      extensions: { code: 'VALIDATION', fields: expect.arrayContaining([expect.any(String)]) },
    })
  })

  test('a token that is none is an error with a code, although it never came to GraphQL', async () => {
    const { client } = ask({ who: null, options: { headers: { authorization: 'Bearer nonsense' } } })
    const error = await client.query({ query: wrong }).catch((thrown: unknown) => thrown)
    expect(codesOf(error)).toEqual(['UNAUTHENTICATED'])
  })

  test('a document that is wrong is told as what it is', async () => {
    const { client } = ask()
    const error = await client.query({ query: typed<unknown>`{ nonsense }` }).catch((thrown: unknown) => thrown)
    expect(codesOf(error)).toEqual(['VALIDATION'])
  })

  test('a list in a list that may not be read is one error, not one for each row', async () => {
    const { client } = ask({
      who: null,
      options: { headers: { authorization: `Bearer ${await example().token({ roles: [] })}` } },
    })
    const query = typed<unknown>`{ products(first: 3) { nodes { name lines(first: 1) { nodes { quantity } } } } }`
    const { data, error } = await client.query({ query, errorPolicy: 'all' })
    expect(data).toEqual({ products: null })
    expect(codesOf(error)).toEqual(['FORBIDDEN'])
  })
})

describe('over HTTP', () => {
  test('GET for queries, of visitors too, and POST for changes', async () => {
    for (const who of ['ada', null] as const) {
      const { client, sent } = ask({ who, options: { useGETForQueries: true } })
      const { data } = await client.query({
        query: typed<{ viewer: { id: string | null } }>`query Who { viewer { id } }`,
      })
      expect(data!.viewer.id === null).toBe(who === null)
      expect(sent).toMatchObject([{ method: 'GET', status: 200 }])
    }
    const { client, sent } = ask({ options: { useGETForQueries: true } })
    await client.mutate({ mutation: annotate, variables: { id: orders[0]!.id, notes: 'posted' } })
    expect(sent).toMatchObject([{ method: 'POST', status: 200 }])
  })

  test.each([false, true])(
    'hashes of documents are refused in words that the client understands (GET: %s)',
    async (useGETForHashedQueries) => {
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
      const { client, sent } = ask({ before: new PersistedQueryLink({ sha256, useGETForHashedQueries }) })
      for (const first of [1, 2]) {
        const { data } = await client.query({ query: listed, variables: { first } })
        expect(data!.orders.nodes).toHaveLength(first)
      }
      const hashed = sent.map(({ method, body, url }) => {
        const extensions = body?.extensions ?? JSON.parse(url.searchParams.get('extensions') ?? '{}')
        return [method, body?.query !== undefined, extensions.persistedQuery !== undefined]
      })
      const first = useGETForHashedQueries ? 'GET' : 'POST'
      expect(hashed.slice(0, 2)).toEqual([
        [first, false, true],
        ['POST', true, false],
      ])
      // No hash any more.
      expect(hashed.slice(2).map(([, ...what]) => what)).toEqual([[true, false]])
    },
  )

  test('what it says of itself costs nothing: such requests are as good as plain ones', async () => {
    const { client, sent } = ask()
    await client.query({ query: listed, variables: { first: 1 } })
    expect(sent[0]!.body.extensions).toEqual({ clientLibrary: { name: '@apollo/client', version: client.version } })
  })

  test('a change whose answer was lost is sent again, and done once', async () => {
    const { fetch: record, sent } = recordedFetch()
    const lossy: typeof fetch = async (...asked) => {
      const answer = await record(...asked)
      if (sent.length < 3) throw new TypeError('fetch failed')
      return answer
    }
    const again = new RetryLink({ delay: { initial: 1 }, attempts: { max: 5 } })
    const { client } = ask({ before: again, options: { fetch: lossy } })
    const { data } = await client.mutate({
      mutation: typed<{ createProduct: { product: { sku: string } } }>`mutation ($key: String!) {
        createProduct(input: { product: { sku: "AP-0002", name: "Once", price: "1" }, idempotencyKey: $key }) { product { sku } }
      }`,
      variables: { key: randomUUID() },
    })
    expect(data!.createProduct.product.sku).toBe('AP-0002')
    expect(sent.map(({ status, body }) => [status, body.variables.key])).toEqual(
      Array(3).fill([200, sent[0]!.body.variables.key]),
    )
    const { data: found } = await example().ask(
      'ada',
      '{ products(filter: { sku: { equalTo: "AP-0002" } }) { totalCount } }',
    )
    expect(found.products.totalCount).toBe(1)
  })

  test('a list of operations is refused, with a sentence that says what to do', async () => {
    const { fetch } = recordedFetch()
    const headers = { authorization: `Bearer ${example().tokens.ada}` }
    const link = new BatchHttpLink({ uri: `${example().server.url}/graphql`, headers, fetch, batchInterval: 1 })
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    const asked = [1, 2].map((first) =>
      client.query({ query: listed, variables: { first } }).catch((error: unknown) => error),
    )
    for (const error of await Promise.all(asked)) {
      expect(codesOf(error)).toEqual(['LIMIT'])
      expect((error as Error).message).toMatch(/^Lists of operations are not taken here/)
    }
  })
})
