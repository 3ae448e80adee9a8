import { Client, type ClientOptions, cacheExchange, fetchExchange, gql, type TypedDocumentNode } from '@urql/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'
import { type RecordedFetch, recordedFetch } from './recorded-fetch.ts'

/** @urql/core with its document cache, as a front-end without a framework uses it. */
const example = useExampleServer()

interface Asking extends RecordedFetch {
  readonly client: Client
}

function ask(who: 'ada' | 'sam' | null = 'ada', options: Partial<ClientOptions> = {}): Asking {
  const recorded = recordedFetch()
  const client = new Client({
    url: `${example().server.url}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    fetch: recorded.fetch,
    fetchOptions: () => (who === null ? {} : { headers: { authorization: `Bearer ${example().tokens[who]}` } }),
    // Version 6 asks by GET unless told otherwise.
    preferGetMethod: false,
    ...options,
  })
  return { client, ...recorded }
}

/** A document whose answer is of a type. */
const typed = <Data>(text: TemplateStringsArray): TypedDocumentNode<Data, Record<string, unknown>> => gql(text.join(''))

interface Products {
  readonly products: {
    readonly totalCount: number
    readonly nodes: readonly { readonly id: string; readonly name: string }[]
  }
}

const named = typed<Products>`query Named($name: String!) { products(filter: { name: { equalTo: $name } }) { totalCount nodes { id name } } }`
const create = typed<{ createProduct: { product: { id: string } } }>`mutation Create($product: ProductInput!) {
  createProduct(input: { product: $product }) { product { id name } }
}`
const remove = typed<unknown>`mutation Remove($id: UUID!) { removeProduct(input: { id: $id }) { id deletedNodeId } }`

let product: { readonly id: string; readonly name: string }
beforeAll(async () => {
  const found = await example().ask('ada', '{ products(first: 1) { nodes { id name } } }')
  product = found.data.products.nodes[0]
})

describe('the document cache', () => {
  test('answers again without asking, and asks again after a change of rows of a type that it holds', async () => {
    const { client, sent } = ask()
    for (const _ of [1, 2])
      expect((await client.query(named, { name: product.name })).data!.products.nodes).toEqual([
        expect.objectContaining(product),
      ])
    expect(sent).toHaveLength(1)
    const update = typed<unknown>`mutation ($id: UUID!) { updateProduct(input: { id: $id, patch: { stock: 7 } }) { product { id stock } } }`
    expect((await client.mutation(update, { id: product.id })).error).toBeUndefined()
    await client.query(named, { name: product.name })
    expect(sent).toHaveLength(3)
  })

  test('a watched list is read again by itself', async () => {
    const { client } = ask()
    const totals: number[] = []
    const watching = client
      .query(named, { name: product.name })
      .subscribe(({ data, stale }) => !stale && totals.push(data!.products.totalCount))
    await expect.poll(() => totals).toEqual([1])
    await client.mutation(create, { product: { sku: 'UR-0001', name: product.name, price: '1' } })
    await expect.poll(() => totals).toEqual([1, 2])
    watching.unsubscribe()
  })

  test('a list without rows, and a removal, say by additionalTypenames what they are about', async () => {
    const { client, sent } = ask()
    const ofProducts = { additionalTypenames: ['Product'] }
    const total = async () => (await client.query(named, { name: 'Rare' }, ofProducts)).data!.products.totalCount
    expect(await total()).toBe(0)
    const { data } = await client.mutation(create, { product: { sku: 'UR-0002', name: 'Rare', price: '1' } })
    expect(await total()).toBe(1)
    await client.mutation(remove, { id: data!.createProduct.product.id }, ofProducts)
    expect(await total()).toBe(0)
    expect(sent).toHaveLength(5)
  })
})

describe('errors', () => {
  const codes = (error: { graphQLErrors: readonly { extensions: Record<string, unknown> }[] } | undefined) =>
    error?.graphQLErrors.map(({ extensions }) => extensions.code)

  test('stand beside what could be answered, with their codes', async () => {
    const { client } = ask(null)
    const { data, error } = await client.query(typed<unknown>`{ orders { totalCount } viewer { id } }`, {})
    expect(data).toMatchObject({ orders: null, viewer: { id: null } })
    expect(codes(error)).toEqual(['FORBIDDEN'])
  })

  test('of a change, a document and a token', async () => {
    const { client } = ask('sam')
    expect(codes((await client.mutation(remove, { id: product.id })).error)).toEqual(['FORBIDDEN'])
    expect(codes((await client.query(typed<unknown>`{ nonsense }`, {})).error)).toEqual(['VALIDATION'])
    const stranger = ask(null, { fetchOptions: { headers: { authorization: 'Bearer nonsense' } } })
    const { error } = await stranger.client.query(named, { name: 'x' })
    expect(codes(error)).toEqual(['UNAUTHENTICATED'])
    expect(error!.response).toMatchObject({ status: 401 })
  })

  test('a row that is not there, or not for the caller, is null and no error', async () => {
    const { client } = ask('sam')
    const order = typed<{ order: null }>`query ($id: UUID!) { order(id: $id) { number customer { name } } }`
    const { data: all } = await example().ask('ada', '{ orders(first: 100) { nodes { id } } }')
    const { data: own } = await example().ask('sam', '{ orders(first: 1000) { nodes { id } } }')
    const mine = new Set(own.orders.nodes.map(({ id }: { id: string }) => id))
    const hidden = all.orders.nodes.find(({ id }: { id: string }) => !mine.has(id))
    for (const id of [hidden.id, '01980000-0000-7000-8000-00000000dead']) {
      const { data, error } = await client.query(order, { id })
      expect([data, error]).toEqual([{ order: null }, undefined])
    }
  })
})

describe('over HTTP', () => {
  test('by GET, of visitors with a header that no other site can send', async () => {
    const preferred = { preferGetMethod: 'within-url-limit' } as const
    const header = { headers: { 'graphql-require-preflight': '1' } }
    for (const { client, sent } of [ask('ada', preferred), ask(null, { ...preferred, fetchOptions: header })]) {
      expect((await client.query(typed<unknown>`{ viewer { roles } }`, {})).error).toBeUndefined()
      expect(sent).toMatchObject([{ method: 'GET', status: 200 }])
    }
    const { client, sent } = ask('ada', preferred)
    await client.query(named, { name: 'x'.repeat(3_000) })
    await client.mutation(create, { product: { sku: 'UR-0003', name: 'Posted', price: '1' } })
    expect(sent).toMatchObject([{ method: 'POST' }, { method: 'POST', status: 200 }])
  })

  test('who stops waiting stops the statement', async () => {
    const { client } = ask()
    const { database } = example()
    // The request waits for a lock until it is cancelled, or for ever.
    const holder = await database.connect(database.migratorUrl)
    try {
      await holder.query('begin')
      await holder.query('lock table app.payment in access exclusive mode')
      const waiting = client
        .query(typed<unknown>`{ payments(first: 1) { nodes { id amount } } }`, {})
        .subscribe(() => undefined)
      await expect.poll(() => waitingFor(holder)).toBe(1)
      waiting.unsubscribe()
      await expect.poll(() => waitingFor(holder)).toBe(0)
    } finally {
      await holder.query('rollback')
      await holder.end()
    }
  })
})

async function waitingFor(client: { query(sql: string): Promise<{ rows: { waiting: number }[] }> }): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::int as waiting from pg_locks l where not l.granted and l.relation = 'app.payment'::regclass and l.database = (select oid from pg_database where datname = current_database())`,
  )
  return rows[0]!.waiting
}
