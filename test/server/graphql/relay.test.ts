import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { useShopServer } from '../client.ts'
import { acme, globex, shopId } from '../shop.ts'

/** GraphQL Cursor Connections Specification (https://relay.dev/graphql/connections.htm) and Global Object Identification (…/objectidentification.htm). */
const shop = useShopServer()

const query = `query ($first: Int, $last: Int, $after: Cursor, $before: Cursor, $orderBy: [ProductOrderBy!]) {
  list: products(first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy) {
    edges { cursor node { sku } }
    nodes { sku }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly sku: string } }[]
  readonly nodes: readonly { readonly sku: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

async function page(args: object): Promise<Page> {
  const { data, errors } = await shop().ask(query, { orderBy: ['NAME_ASC'], ...args })
  expect(errors).toEqual([])
  return data.list
}

function fieldsOf(schema: GraphQLSchema, type: string) {
  return (schema.getType(type) as GraphQLObjectType).getFields()
}

function told(fields: ReturnType<typeof fieldsOf>, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, String(fields[name]?.type)]))
}

let cursors: readonly string[]
let skus: readonly string[]
beforeAll(async () => {
  // Eight products of four names: ties everywhere.
  await shop().database.asOwner((client) =>
    client.query(
      `insert into app.product (tenant_id, sku, name) select '${acme}', 'Q' || n, 'Product ' || n from generate_series(1, 4) n`,
    ),
  )
  const { edges } = await page({ first: 1000 })
  cursors = edges.map(({ cursor }) => cursor)
  skus = edges.map(({ node }) => node.sku)
  expect(new Set(cursors).size).toBe(8)
})

const places = [null, 0, 3, 7] as const
const counts = [null, 0, 1, 3, 8, 9] as const
const combinations = places.flatMap((after) =>
  places.flatMap((before) => counts.flatMap((first) => counts.map((last) => ({ after, before, first, last })))),
)

/** `EdgesToReturn`, `HasPreviousPage` and `HasNextPage`, as the specification writes them down. */
function specified({ after, before, first, last }: (typeof combinations)[number]) {
  const between = skus.filter((_, at) => (after === null || at > after) && (before === null || at < before))
  const cut = first === null ? between : between.slice(0, first)
  return {
    skus: last === null ? cut : cut.slice(Math.max(0, cut.length - last)),
    hasNextPage: first !== null && between.length > first,
    hasPreviousPage: last !== null && between.length > last,
  }
}

describe('connections', () => {
  // 576 questions; those that differ in variables alone share a plan.
  test('edges and page info are those of the algorithm, for every combination of arguments', async () => {
    const faults: unknown[] = []
    for (const given of combinations) {
      const at = (place: number | null) => (place === null ? null : cursors[place])
      const { edges, nodes, pageInfo } = await page({ ...given, after: at(given.after), before: at(given.before) })
      const wanted = specified(given)
      const found = {
        skus: edges.map(({ node }) => node.sku),
        hasNextPage: pageInfo.hasNextPage,
        hasPreviousPage: pageInfo.hasPreviousPage,
      }
      const ends = [edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]
      const isWhole =
        JSON.stringify(nodes) === JSON.stringify(edges.map(({ node }) => node)) &&
        pageInfo.startCursor === ends[0] &&
        pageInfo.endCursor === ends[1]
      if (!isWhole || JSON.stringify(found) !== JSON.stringify(wanted)) faults.push({ given, found, wanted, isWhole })
    }
    expect(faults).toEqual([])
  })

  test('inside of other rows too, without asking for more than page info', async () => {
    const { data, errors } = await shop().ask(`{
      customers(orderBy: [NAME_ASC], first: 2) { nodes { orders(first: 3, last: 2) { nodes { number } pageInfo { hasNextPage hasPreviousPage } } } }
      none: products(first: 0) { pageInfo { hasNextPage hasPreviousPage } }
      literal: products(first: 8, last: 8) { pageInfo { hasNextPage hasPreviousPage } }
    }`)
    expect(errors).toEqual([])
    expect(data.customers.nodes).toHaveLength(2)
    for (const { orders } of data.customers.nodes) {
      expect(orders.nodes).toHaveLength(2)
      expect(orders.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true })
    }
    expect(data.none.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false })
    expect(data.literal.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false })
  })

  test.each([
    ['a negative first', { first: -1 }],
    ['a negative last', { last: -1 }],
    ['a negative first beside a last', { first: -1, last: 2 }],
    ['text for a count', { first: '1' }],
    ['a cursor that is none', { first: 1, after: 'nonsense' }],
    ['a cursor of something else', { first: 1, before: Buffer.from('["digest"]').toString('base64') }],
  ])('%s is an error', async (_, args) => {
    const { errors } = await shop().ask(query, { orderBy: ['NAME_ASC'], ...args })
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test('a cursor of one order means nothing in another', async () => {
    const { errors } = await shop().ask(query, { orderBy: ['SKU_DESC'], first: 1, after: cursors[0] })
    expect(errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test('a negative offset is an error that says so, and offset with last is one', async () => {
    for (const args of ['first: 1, offset: -1', 'last: 1, offset: 1']) {
      const { errors } = await shop().ask(`{ products(${args}) { nodes { sku } } }`)
      expect(errors[0]).toMatchObject({ extensions: { code: 'VALIDATION' } })
      expect(errors[0]?.message).toMatch(/offset/)
    }
  })

  test('the types are those of the specification', async () => {
    const { schema } = createGraphqlSchema(shop().model)
    const lists = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'))
    expect(lists.length).toBeGreaterThan(5)
    for (const { name } of lists) {
      const edge = name.replace(/Connection$/, 'Edge')
      const row = `${getNamedType(fieldsOf(schema, name).nodes!.type).name}!`
      expect([name, told(fieldsOf(schema, name), ['edges', 'nodes', 'pageInfo', 'totalCount'])]).toEqual([
        name,
        { edges: `[${edge}!]!`, nodes: `[${row}]!`, pageInfo: 'PageInfo!', totalCount: 'Int!' },
      ])
      expect(told(fieldsOf(schema, edge), ['cursor', 'node'])).toEqual({ cursor: 'Cursor!', node: row })
    }
    expect(told(fieldsOf(schema, 'PageInfo'), ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'])).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'Cursor',
      endCursor: 'Cursor',
    })
  })

  test('every list takes the arguments of the specification', () => {
    const { schema } = createGraphqlSchema(shop().model)
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) ? Object.values(type.getFields()) : [],
    )
    const lists = fields.filter(({ type }) => getNamedType(type).name.endsWith('Connection'))
    expect(lists.length).toBeGreaterThan(5)
    for (const { args } of lists) {
      const taken = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]))
      expect(taken).toMatchObject({ first: 'Int', after: 'Cursor', last: 'Int', before: 'Cursor' })
    }
  })
})

describe('nodes', () => {
  const entities = ['customers', 'invoices', 'orders', 'orderLines', 'products', 'users']

  test('every row has an id that is no other’s, and is found again by it, as the same type', async () => {
    const known = new Set<string>()
    for (const list of entities) {
      const { data } = await shop().ask(`{ ${list}(first: 5) { nodes { __typename nodeId id } } }`)
      expect(data[list].nodes.length).toBeGreaterThan(0)
      for (const row of data[list].nodes) {
        expect(known.has(row.nodeId)).toBe(false)
        known.add(row.nodeId)
        const again = await shop().ask(
          `query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename nodeId ... on ${row.__typename} { id } } }`,
          row,
        )
        expect(again.data.node).toEqual(row)
      }
    }
  })

  test('the interface has the id alone, and all entities are of it', async () => {
    const { data } = await shop().ask(
      '{ __type(name: "Node") { kind fields { name type { kind ofType { name } } } possibleTypes { name } } }',
    )
    expect(data.__type.kind).toBe('INTERFACE')
    expect(data.__type.fields).toEqual([{ name: 'nodeId', type: { kind: 'NON_NULL', ofType: { name: 'ID' } } }])
    const types = data.__type.possibleTypes.map(({ name }: { name: string }) => name)
    expect(types).toEqual(expect.arrayContaining(['Customer', 'Invoice', 'Order', 'OrderLine', 'Product', 'User']))
  })

  test('an id of nothing, of another tenant, of another type or written by hand finds nothing', async () => {
    const ids = [
      '',
      'nonsense',
      Buffer.from('["Order"]').toString('base64'),
      Buffer.from('["Nothing","x"]').toString('base64'),
      Buffer.from(JSON.stringify(['Order', shopId('order', 'b', 1)])).toString('base64'),
      Buffer.from(JSON.stringify(['Product', shopId('order', 'a', 1)])).toString('base64'),
      Buffer.from(JSON.stringify(['Order', { toString: 'x' }])).toString('base64'),
      Buffer.from(JSON.stringify(['Order', globex])).toString('base64'),
    ]
    for (const nodeId of ids) {
      const { data } = await shop().ask('query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename } }', { nodeId })
      expect([nodeId, data?.node ?? null]).toEqual([nodeId, null])
    }
  })

  test('a row that the caller may not read, or that was removed, is as one that is not there', async () => {
    const node = 'query ($nodeId: ID!) { node(nodeId: $nodeId) { nodeId ... on Customer { name } } }'
    const all = await shop().database.asOwner((client) =>
      client.query(`select id, region, deleted_at from app.customer where tenant_id = '${acme}'`),
    )
    const found = await Promise.all(
      all.rows.map(async ({ id, region, deleted_at }) => {
        const nodeId = Buffer.from(JSON.stringify(['Customer', id])).toString('base64')
        const { data, errors } = await shop().ask(node, { nodeId })
        expect(errors).toEqual([])
        return { isFound: data.node !== null, isMine: region === 'eu' && deleted_at === null }
      }),
    )
    expect(new Set(found.map(({ isMine }) => isMine))).toEqual(new Set([true, false]))
    expect(found.filter(({ isFound, isMine }) => isFound !== isMine)).toEqual([])
  })

  test('who may read no row of the type at all is told so, of rows that are there as of others', async () => {
    const asked =
      'query ($nodeId: ID!, $id: UUID!) { node(nodeId: $nodeId) { nodeId __typename } order(id: $id) { number } }'
    for (const bearer of [await shop().token({ roles: [] }), null]) {
      const ask = async (id: string) => {
        const nodeId = Buffer.from(JSON.stringify(['Order', id])).toString('base64')
        const { data, errors } = await shop().ask(asked, { nodeId, id }, bearer)
        return { data, codes: errors.map(({ extensions }) => extensions.code) }
      }
      const told = await ask(shopId('order', 'a', 1))
      expect(told).toEqual({ data: { node: null, order: null }, codes: ['FORBIDDEN', 'FORBIDDEN'] })
      for (const id of [shopId('order', 'b', 1), shopId('product', 'a', 1)]) expect(await ask(id)).toEqual(told)
    }
  })

  test('the same row in two places has one id', async () => {
    const { data } = await shop().ask(
      'query ($id: UUID!) { order(id: $id) { nodeId lines { nodes { order { nodeId } } } } }',
      { id: shopId('order', 'a', 2) },
    )
    const { nodeId, lines } = data.order
    expect(lines.nodes.map(({ order }: { order: { nodeId: string } }) => order.nodeId)).toEqual([nodeId, nodeId])
  })
})
