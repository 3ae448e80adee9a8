import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedApp, serveApp } from '../../support/served-app.ts'
import type { Answer } from '../client.ts'
import { acme, ann, globex, useWarehouse } from './warehouse.ts'

const house = useWarehouse()
let served: ServedApp | undefined

beforeAll(async () => {
  served = await serveApp(house().model, house().database, { poolSize: 4 })
})
afterAll(() => served?.close())

function ask(query: string, variables = {}, who: { tenant?: string; roles?: string[] } = {}): Promise<Answer> {
  return served!.ask({ sub: ann, tenant: acme, roles: ['clerk'], ...who }, query, variables)
}

async function create(entity: string, row: object, who = {}): Promise<string> {
  const field = entity.charAt(0).toLowerCase() + entity.slice(1)
  const text = `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`
  const answer = await ask(text, { row }, who)
  if (answer.errors.length > 0) throw Object.assign(new Error(answer.errors[0]!.message), answer.errors[0]!.extensions)
  return answer.data[`create${entity}`].id
}

async function makeOrder(lines = 3) {
  const companyId = await create('Company', { name: 'Company' })
  const orderId = await create('Order', { title: 'Order', companyId })
  const ids: string[] = []
  for (let quantity = 1; quantity <= lines; quantity++) ids.push(await create('OrderLine', { quantity, orderId }))
  return { companyId, orderId, ids }
}

const move = `mutation ($id: UUID!, $before: UUID, $after: UUID, $to: Int) {
  moveOrderLine(input: { id: $id, before: $before, after: $after, to: $to, clientMutationId: "m" }) {
    clientMutationId id orderLine { quantity order { lines { nodes { quantity } } } }
  }
}`

describe('ordered parts', () => {
  test('are listed in their order, page by page, and move', async () => {
    const { orderId, ids } = await makeOrder(4)
    const moved = await ask(move, { id: ids[3], before: ids[1] })
    expect(moved.errors).toEqual([])
    const lines = [1, 4, 2, 3].map((quantity) => ({ quantity }))
    expect(moved.data.moveOrderLine).toEqual({
      clientMutationId: 'm',
      id: ids[3],
      orderLine: { quantity: 4, order: { lines: { nodes: lines } } },
    })
    await ask(move, { id: ids[0], to: 4 })
    const page = `query ($id: UUID!, $after: Cursor) { order(id: $id) {
      lines(first: 3, after: $after) { nodes { quantity orderPosition } pageInfo { endCursor hasNextPage } }
    } }`
    const first = (await ask(page, { id: orderId })).data.order.lines
    expect(first.nodes).toEqual([
      { quantity: 4, orderPosition: 1 },
      { quantity: 2, orderPosition: 2 },
      { quantity: 3, orderPosition: 3 },
    ])
    const second = (await ask(page, { id: orderId, after: first.pageInfo.endCursor })).data.order.lines
    expect(second.nodes).toEqual([{ quantity: 1, orderPosition: 4 }])
    const other = await ask(
      'query ($id: UUID!) { order(id: $id) { lines(orderBy: [QUANTITY_DESC]) { nodes { quantity } } } }',
      {
        id: orderId,
      },
    )
    expect(other.data.order.lines.nodes.map((line: { quantity: number }) => line.quantity)).toEqual([4, 3, 2, 1])
  })

  test('a move says where to, once, beside a sibling that the caller may read', async () => {
    const { ids } = await makeOrder(2)
    const stranger = await makeOrder(1)
    const codes = async (variables: object, who = {}) => (await ask(move, variables, who)).errors[0]?.extensions.code
    expect(await codes({ id: ids[0] })).toBe('VALIDATION')
    expect(await codes({ id: ids[0], before: ids[1], to: 1 })).toBe('VALIDATION')
    expect(await codes({ id: ids[0], to: 0 })).toBe('VALIDATION')
    expect(await codes({ id: ids[0], after: stranger.ids[0] })).toBe('NOT_FOUND')
    expect(await codes({ id: ids[0], to: 2 }, { roles: ['packer'] })).toBe('FORBIDDEN')
    expect(await codes({ id: ids[0], to: 2 }, { tenant: globex })).toBe('NOT_FOUND')
  })

  test('removal takes parts along; a part is not restored alone', async () => {
    const { orderId, ids } = await makeOrder(2)
    await ask('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id: orderId })
    const gone = await ask('query ($id: UUID!) { orderLine(id: $id) { id } }', { id: ids[0] })
    expect(gone.data.orderLine).toBe(null)
    const alone = await ask('mutation ($id: UUID!) { restoreOrderLine(input: { id: $id }) { id } }', { id: ids[0] })
    expect(alone.errors[0]?.extensions.code).toBe('CONFLICT')
    const back = await ask(
      'mutation ($id: UUID!) { restoreOrder(input: { id: $id }) { order { lines { nodes { quantity } } } } }',
      { id: orderId },
    )
    expect(back.data.restoreOrder.order.lines.nodes).toEqual([{ quantity: 1 }, { quantity: 2 }])
  })
})

describe('numbers', () => {
  test('are read, filtered and ordered by, and accepted from nobody', async () => {
    const { orderId } = await makeOrder(0)
    const { data } = await ask('query ($id: UUID!) { order(id: $id) { number invoice } }', { id: orderId })
    expect(data.order.number).toMatch(/^SO-\d{4}-\d{4,}$/)
    const found = await ask(
      'query ($n: String!) { orders(filter: { number: { equalTo: $n } }, orderBy: [NUMBER_DESC]) { nodes { id } } }',
      { n: data.order.number },
    )
    expect(found.data.orders.nodes).toEqual([{ id: orderId }])
    const inputs = await ask(
      '{ input: __type(name: "OrderInput") { inputFields { name } } patch: __type(name: "OrderLinePatch") { inputFields { name } } ticket: __type(name: "Ticket") { fields { name type { kind } } } }',
    )
    const names = (type: string) => inputs.data[type].inputFields.map((field: { name: string }) => field.name)
    expect(names('input')).toEqual(['title', 'companyId', 'company', 'lines', 'labels'])
    expect(names('patch')).toEqual(['quantity', 'orderId', 'productId', 'order', 'product', 'remarks'])
    const kinds = inputs.data.ticket.fields.filter((field: { name: string }) => ['number', 'done'].includes(field.name))
    expect(kinds).toEqual([
      { name: 'number', type: { kind: 'NON_NULL' } },
      { name: 'done', type: { kind: 'SCALAR' } },
    ])
  })
})

describe('what the database refuses', () => {
  test('a product of another company names the relation', async () => {
    const { orderId, companyId, ids } = await makeOrder(1)
    const other = await create('Company', { name: 'Other' })
    const foreign = await create('Product', { sku: `F-${orderId.slice(-8)}`, companyId: other })
    const own = await create('Product', { sku: `O-${orderId.slice(-8)}`, companyId })
    await expect(create('OrderLine', { quantity: 1, orderId, productId: foreign })).rejects.toMatchObject({
      code: 'VALIDATION',
      fields: ['productId'],
      message: '"product" does not fit: its "company" is another than "order.company".',
    })
    const patch =
      'mutation ($id: UUID!, $patch: OrderLinePatch!) { updateOrderLine(input: { id: $id, patch: $patch }) { id } }'
    expect((await ask(patch, { id: ids[0], patch: { productId: own } })).errors).toEqual([])
    const away = await ask(
      'mutation ($id: UUID!, $c: UUID!) { updateOrder(input: { id: $id, patch: { companyId: $c } }) { id } }',
      { id: orderId, c: other },
    )
    expect(away.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', fields: ['productId'] })
  })

  test('a folder below itself names its parent', async () => {
    const top = await create('Folder', { name: 'top' })
    const below = await create('Folder', { name: 'below', parentId: top })
    const { errors } = await ask(
      'mutation ($id: UUID!, $p: UUID!) { updateFolder(input: { id: $id, patch: { parentId: $p } }) { id } }',
      { id: top, p: below },
    )
    expect(errors[0]).toMatchObject({
      message: 'The row would be below itself.',
      extensions: { code: 'VALIDATION', fields: ['parentId'] },
    })
  })
})
