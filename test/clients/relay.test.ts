import {
  commitMutation,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  type MutationParameters,
  Network,
  type PayloadError,
  RecordSource,
  Store,
  type Variables,
} from 'relay-runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PersonName, useExampleServer } from '../support/example-server.ts'
import { type Compiled, compileDocuments } from './relay/compiled.ts'

/** relay-compiler and relay-runtime, as react-relay uses them. */
let compiling: Promise<Compiled>
// While the server starts.
beforeAll(() => {
  compiling = compileDocuments('test/golden/graphql/invoicing.graphql')
  compiling.catch(() => undefined)
})
const example = useExampleServer()

let compiled: Compiled
beforeAll(async () => {
  compiled = await compiling
})
afterAll(() => compiled?.close())

function environmentOf(who: PersonName | { readonly token: string } = 'ada'): Environment {
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      const { data, errors } = await example().ask(who, text!, variables)
      return { data, ...(errors.length === 0 ? {} : { errors }) } as never
    }),
    store: new Store(new RecordSource()),
    getDataID: ({ nodeId }) => nodeId,
  })
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
type Data = any

const ask = (environment: Environment, name: string, variables: Variables = {}): Promise<Data> =>
  fetchQuery(environment, compiled.request(name), variables, { fetchPolicy: 'network-only' }).toPromise()

interface Done {
  readonly data: Data
  readonly errors: readonly PayloadError[]
}

function change(environment: Environment, name: string, variables: Variables, config: object = {}): Promise<Done> {
  return new Promise((resolve, reject) => {
    commitMutation<MutationParameters>(environment, {
      mutation: compiled.request(name),
      variables,
      onCompleted: (data, errors) => resolve({ data, errors: errors ?? [] }),
      onError: reject,
      ...config,
    })
  })
}

/** What the store holds of a query, and of a fragment that it spreads somewhere. */
function known(environment: Environment, name: string, variables: Variables = {}): Data {
  return environment.lookup(createOperationDescriptor(compiled.request(name), variables).fragment).data
}

function read(environment: Environment, fragment: string, ref: unknown): Data {
  return environment.lookup(getSingularSelector(compiled.fragment(fragment), ref as never)!).data
}

const listVariables = { count: 3, prefix: 'SO-000' }

/** A front-end with the list on its page. */
async function withList(variables: Variables = listVariables) {
  const environment = environmentOf()
  environment.retain(createOperationDescriptor(compiled.request('documentsListQuery'), variables))
  await ask(environment, 'documentsListQuery', variables)
  const list = () => read(environment, 'documents_list', known(environment, 'documentsListQuery', variables)).orders
  const orders = () => list().edges.map(({ node }: Data) => read(environment, 'documents_order', node))
  return { environment, list, orders, numbers: () => orders().map(({ number }: Data) => number) }
}

async function anyCustomer(): Promise<string> {
  const { data } = await example().ask('ada', '{ customers(first: 1) { nodes { id } } }')
  return data.customers.nodes[0].id
}

describe('the compiler', () => {
  test('takes the API, with every document', () => {
    expect(compiled.printed).toContain('Compilation completed')
    expect(compiled.names).toHaveLength(16)
    const { text } = compiled.request('documentsOrderRefetchQuery').params
    expect(text).toContain('node(nodeId: $nodeId)')
  })
})

describe('the store', () => {
  test('knows rows by their global ids, wherever they were read', async () => {
    const { environment, orders } = await withList()
    const { data } = await example().ask(
      'ada',
      '{ orders(first: 1, filter: { number: { startsWith: "SO-000" } }, orderBy: [NUMBER_ASC]) { nodes { id nodeId number } } }',
    )
    const [{ id, nodeId, number }] = data.orders.nodes
    expect(orders()[0]).toMatchObject({ number })
    await ask(environment, 'documentsOrderQuery', { id })
    const { order } = known(environment, 'documentsOrderQuery', { id })
    expect(order.nodeId).toBe(nodeId)
    expect(environment.getStore().getSource().get(nodeId)).toMatchObject({ __typename: 'Order', number, nodeId })
  })

  test('a list grows page by page, each row once, and knows whether there is more', async () => {
    const { environment, list, numbers } = await withList()
    for (const length of [6, 9]) {
      const cursor = list().pageInfo.endCursor
      await ask(environment, 'documentsListPaginationQuery', { ...listVariables, cursor })
      expect(numbers()).toHaveLength(length)
    }
    expect(numbers()).toEqual([...new Set<string>(numbers())].toSorted((a, b) => a.localeCompare(b)))
    expect(list().pageInfo.hasNextPage).toBe(list().totalCount > 9)
  })

  test('a list in a row grows by the row’s own query, through node', async () => {
    const environment = environmentOf()
    const { data } = await example().ask(
      'ada',
      '{ orders(filter: { lineCount: { equalTo: 5 } }, first: 1) { nodes { id nodeId } } }',
    )
    const [{ id, nodeId }] = data.orders.nodes
    const result = () =>
      read(environment, 'documents_lines', known(environment, 'documentsOrderQuery', { id }).order).lines
    await ask(environment, 'documentsOrderQuery', { id })
    expect(result().edges).toHaveLength(2)
    for (const [count, length] of [
      [2, 4],
      [2, 5],
    ]) {
      await ask(environment, 'documentsLinesPaginationQuery', { nodeId, count, cursor: result().pageInfo.endCursor })
      expect(result().edges).toHaveLength(length!)
    }
    expect(result().pageInfo.hasNextPage).toBe(false)
    expect(read(environment, 'documents_product', result().edges[4].node.product)).toEqual({
      sku: expect.any(String),
      name: expect.any(String),
    })
  })

  test('a row is read again by itself', async () => {
    const { environment, orders } = await withList()
    const { data } = await example().ask(
      'ada',
      `{ orders(filter: { number: { equalTo: "${orders()[0].number}" } }) { nodes { id nodeId } } }`,
    )
    const [{ id, nodeId }] = data.orders.nodes
    await example().ask(
      'ada',
      'mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { notes: "elsewhere" } }) { id } }',
      { id },
    )
    expect(orders()[0].notes).not.toBe('elsewhere')
    await ask(environment, 'documentsOrderRefetchQuery', { nodeId })
    expect(orders()[0].notes).toBe('elsewhere')
  })
})

describe('changes', () => {
  test('new rows join the list, at either end, without asking again', async () => {
    const { environment, list, numbers } = await withList({ count: 10, prefix: 'RN-' })
    const connections = [list().__id]
    const customerId = await anyCustomer()
    await change(environment, 'documentsCreateMutation', {
      connections,
      input: { order: { number: 'RN-2', customerId } },
    })
    const orders = ['RN-0', 'RN-1'].map((number) => ({ number, customerId }))
    const { errors } = await change(environment, 'documentsCreateAllMutation', { connections, input: { orders } })
    expect(errors).toEqual([])
    expect(numbers().toSorted()).toEqual(['RN-0', 'RN-1', 'RN-2'])
    expect(numbers().at(-1)).toBe('RN-2')
  })

  test('what was changed is changed wherever it is shown, at once and for good', async () => {
    const { environment, orders } = await withList()
    const { data } = await example().ask(
      'ada',
      `{ orders(filter: { number: { equalTo: "${orders()[1].number}" } }) { nodes { id nodeId } } }`,
    )
    const [{ id, nodeId }] = data.orders.nodes
    const input = { id, patch: { notes: 'for good' } }
    const optimisticResponse = { updateOrder: { id, order: { nodeId, notes: 'at once' } } }
    const done = change(environment, 'documentsUpdateMutation', { input }, { optimisticResponse })
    expect(orders()[1].notes).toBe('at once')
    expect((await done).errors).toEqual([])
    expect(orders()[1].notes).toBe('for good')
  })

  test('what is refused is taken back, and tells its code', async () => {
    const { environment, orders } = await withList()
    const before = orders()[2].notes
    const { data } = await example().ask(
      'ada',
      `{ orders(filter: { number: { equalTo: "${orders()[2].number}" } }) { nodes { id nodeId } } }`,
    )
    const [{ id, nodeId }] = data.orders.nodes
    const input = { id, patch: { notes: 'x'.repeat(2_001) } }
    const optimisticResponse = { updateOrder: { id, order: { nodeId, notes: 'never' } } }
    const done = change(environment, 'documentsUpdateMutation', { input }, { optimisticResponse })
    expect(orders()[2].notes).toBe('never')
    const { data: changed, errors } = await done
    expect(changed).toEqual({ updateOrder: null })
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: ['notes'] } }])
    expect(orders()[2].notes).toBe(before)
  })

  test('what was deleted leaves the lists and the store', async () => {
    const { environment, list, numbers } = await withList({ count: 10, prefix: 'RD-' })
    const connections = [list().__id]
    const customerId = await anyCustomer()
    const orders = ['RD-0', 'RD-1', 'RD-2'].map((number) => ({ number, customerId }))
    await change(environment, 'documentsCreateAllMutation', { connections, input: { orders } })
    const { data } = await example().ask(
      'ada',
      '{ orders(filter: { number: { startsWith: "RD-" } }, orderBy: [NUMBER_ASC]) { nodes { id nodeId } } }',
    )
    const [first, ...others] = data.orders.nodes
    const removed = await change(environment, 'documentsRemoveMutation', { connections, input: { id: first.id } })
    expect(removed).toMatchObject({ data: { removeOrder: { id: first.id, deletedNodeId: first.nodeId } }, errors: [] })
    expect(environment.getStore().getSource().get(first.nodeId) ?? null).toBeNull()
    expect(numbers().toSorted()).toEqual(['RD-1', 'RD-2'])
    const ids = others.map(({ id }: Data) => id)
    await change(environment, 'documentsDeleteAllMutation', { connections, input: { ids } })
    expect(numbers()).toEqual([])
  })
})

describe('what the caller may not read', () => {
  test('is null by its global id, in every way as what is not there', async () => {
    const { data } = await example().ask('ada', '{ orders(first: 1) { nodes { nodeId } } }')
    const [{ nodeId }] = data.orders.nodes
    const [type, id] = JSON.parse(Buffer.from(nodeId, 'base64').toString())
    const written = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64')
    const environment = environmentOf('gil')
    const ids = [nodeId, written('Product', id), written(type), written('Nothing', id), 'nonsense', '']
    for (const each of ids)
      expect(await ask(environment, 'documentsNodeQuery', { nodeId: each })).toEqual({ node: null })
    expect(await ask(environmentOf('ada'), 'documentsNodeQuery', { nodeId })).toMatchObject({
      node: { __typename: type },
    })
  })

  test('is an error where it is caught, beside what could be answered', async () => {
    const environment = environmentOf({ token: await example().token({ roles: [] }) })
    const answer = await ask(environment, 'documentsForbiddenQuery')
    expect(answer.products.nodes).toHaveLength(1)
    expect(answer.orders).toEqual({ ok: false, errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})
