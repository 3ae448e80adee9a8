import { describe, expect, test } from 'vitest'
import { customer, line, order, product, red, useNestedServer } from './nested-app.ts'

const server = useNestedServer()
const clerk = ['clerk']
let numbers = 0
const number = () => `N-${++numbers}`

const create = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id order {
  number source placedById customer { name credit } lines { nodes { quantity product { name } } } parcel { code }
  tags(orderBy: [NAME_ASC]) { nodes { name } } marked { nodes { name } } notes { nodes { text } }
} } }`
const update = `mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { order {
  number customer { name } lines { nodes { quantity } } tags(orderBy: [NAME_ASC]) { nodes { name } }
} } }`

/** What comes back of a new order, without the connections around lists. */
async function made(values: object, roles: readonly string[] = clerk) {
  const { data, errors } = await server().askAs(roles, create, { order: values })
  expect(errors).toEqual([])
  return data.createOrder.order
}

describe('rows that are made together', () => {
  test('are all there: to-ones, lists in their order, links and what lies beyond rows in between', async () => {
    const row = await made({
      number: number(),
      customer: { create: { name: 'Mill' } },
      lines: { create: [3, 1, 2].map((quantity) => ({ quantity, productId: product })) },
      parcel: { create: { code: 'P-1' } },
      tags: { create: [{ name: 'blue' }], connect: [{ id: red }] },
      marked: { create: [{ name: 'new' }], connect: [{ id: red }] },
      notes: { create: [{ text: 'hello' }] },
    })
    expect(row).toMatchObject({
      source: 'desk',
      customer: { name: 'Mill', credit: 0 },
      lines: { nodes: [3, 1, 2].map((quantity) => ({ quantity, product: { name: 'Bread' } })) },
      parcel: { code: 'P-1' },
      tags: { nodes: [{ name: 'blue' }, { name: 'red' }] },
      notes: { nodes: [{ text: 'hello' }] },
    })
    expect(row.marked.nodes.map((tag: { name: string }) => tag.name).sort()).toEqual(['new', 'red'])
  })

  test('may be connected instead, or known by an id as before', async () => {
    const connected = await made({ number: number(), customer: { connect: { id: customer } } })
    const known = await made({ number: number(), customerId: customer, customer: null, lines: null })
    for (const row of [connected, known]) expect(row.customer).toEqual({ name: 'Bakery', credit: 0 })
  })

  test('go round in a circle: a customer, its orders, their lines, and a note about a new order', async () => {
    const note = {
      text: 'deep',
      subject: {
        order: {
          create: {
            number: number(),
            customer: {
              create: {
                name: 'Circle',
                orders: {
                  create: [1, 2].map((quantity) => ({
                    number: number(),
                    lines: { create: [{ quantity, productId: product }] },
                  })),
                },
              },
            },
          },
        },
      },
    }
    const { data, errors } = await server().askAs(
      clerk,
      `mutation ($note: NoteInput!) { createNote(input: { note: $note }) { note { subject { ... on Order {
        lines { totalCount } customer { name orders(orderBy: [NUMBER_ASC]) { nodes { lines { nodes { quantity } } } } }
      } } } } }`,
      { note },
    )
    expect(errors).toEqual([])
    const { subject } = data.createNote.note
    expect(subject.lines.totalCount).toBe(0)
    const nodes = [[], [1], [2]].map((quantities) => ({
      lines: { nodes: quantities.map((quantity) => ({ quantity })) },
    }))
    expect(subject.customer.orders.nodes).toEqual(nodes)
  })

  test('may be a tree', async () => {
    const folder = {
      name: 'a',
      children: {
        create: [
          { name: 'b', children: { create: [{ name: 'd' }] } },
          { name: 'c', children: { create: [{ name: 'e' }, { name: 'f' }] } },
        ],
      },
    }
    const { data, errors } = await server().askAs(
      clerk,
      `mutation ($folder: FolderInput!) { createFolder(input: { folder: $folder }) { folder {
        name children(orderBy: [NAME_ASC]) { nodes { name children(orderBy: [NAME_ASC]) { nodes { name } } } } } } }`,
      { folder },
    )
    expect(errors).toEqual([])
    const named = (names: string) => ({ nodes: names.split('').map((name) => ({ name })) })
    expect(data.createFolder.folder).toEqual({
      name: 'a',
      children: {
        nodes: [
          { name: 'b', children: named('d') },
          { name: 'c', children: named('ef') },
        ],
      },
    })
  })

  test('below a row that its maker may not read are NOT_FOUND, as one after the other', async () => {
    const drop = 'mutation ($drop: DropInput!) { createDrop(input: { drop: $drop }) { id } }'
    const { errors } = await server().askAs(clerk, drop, { drop: { text: 'a', parts: { create: [{ text: 'b' }] } } })
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['drop.parts.create.0'] } }])
    expect((await server().askAs(clerk, drop, { drop: { text: 'a' } })).errors).toEqual([])
  })
})

describe('a patch', () => {
  test('makes and connects rows beside its own values', async () => {
    const { data } = await server().askAs(clerk, create, { order: { number: number(), customerId: customer } })
    const { id } = data.createOrder
    const patch = {
      number: number(),
      customer: { create: { name: 'Next' } },
      lines: { create: [{ quantity: 5, productId: product }], connect: [{ id: line }] },
      tags: { create: [{ name: 'patched' }], connect: [{ id: red }] },
    }
    const changed = await server().askAs(clerk, update, { id, patch })
    expect(changed.errors).toEqual([])
    const row = changed.data.updateOrder.order
    expect(row).toMatchObject({ number: patch.number, customer: { name: 'Next' } })
    expect(row.lines.nodes).toHaveLength(2)
    expect(row.tags.nodes).toEqual([{ name: 'patched' }, { name: 'red' }])
    const back = await server().askAs(clerk, update, { id: order, patch: { lines: { connect: [{ id: line }] } } })
    expect(back.data.updateOrder.order.lines.nodes).toHaveLength(1)
  })

  test('that says nothing is VALIDATION, also with empty lists', async () => {
    for (const patch of [{}, { lines: { create: [] } }, { customer: null, tags: {} }]) {
      const { errors } = await server().askAs(clerk, update, { id: order, patch })
      expect(errors).toMatchObject([{ message: 'The patch changes nothing.', extensions: { code: 'VALIDATION' } }])
    }
  })
})

describe('what does not fit', () => {
  const errorOf = async (values: object) => {
    const { data, errors } = await server().askAs(clerk, create, { order: values })
    expect(data).toEqual({ createOrder: null })
    return errors[0]!
  }

  test('a required relation is said once', async () => {
    const lines = (...create: object[]) => ({ number: number(), customerId: customer, lines: { create } })
    const ok = { quantity: 1, productId: product }
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ number: number() }, ['customerId', 'customer']],
      [{ number: number(), customerId: null }, ['customerId', 'customer']],
      [{ number: number(), customerId: customer, customer: { connect: { id: customer } } }, ['customerId', 'customer']],
      [lines(ok, { ...ok, productId: null }), ['order.lines.create.1.productId', 'order.lines.create.1.product']],
      [lines(ok, { ...ok, orderId: order }), ['order.lines.create.1.orderId']],
      [lines({ ...ok, order: { create: { number: number() } } }), ['order.lines.create.0.order']],
    ]
    for (const [values, fields] of cases) {
      const error = await errorOf(values)
      expect(error.extensions).toMatchObject({ code: 'VALIDATION', fields })
      for (const field of fields) expect(error.message).toContain(`"${field}"`)
    }
  })

  test('is told with its path, by the words of a single row', async () => {
    const lines = (...quantities: number[]) => quantities.map((quantity) => ({ quantity, productId: product }))
    const values = { number: number(), customer: { create: { name: 'x'.repeat(21) } } }
    expect((await errorOf(values)).extensions).toMatchObject({
      code: 'VALIDATION',
      fields: ['order.customer.create.name'],
    })
    const wrong = await errorOf({ number: number(), customerId: customer, lines: { create: lines(1, 0, 200) } })
    expect(wrong.extensions).toMatchObject({
      code: 'VALIDATION',
      fields: ['order.lines.create.1.quantity', 'order.lines.create.2.quantity'],
      rows: [
        { at: 'order.lines.create.1', code: 'VALIDATION', fields: ['order.lines.create.1.quantity'] },
        { at: 'order.lines.create.2', code: 'VALIDATION', rule: 'no more than a hundred' },
      ],
    })
    const taken = await errorOf({ number: 'A1', customerId: customer })
    expect(taken.extensions).toEqual({ code: 'CONFLICT', fields: ['number'] })
    const sub = { number: number(), customer: { create: { name: 'ok', orders: { create: [{ number: 'A1' }] } } } }
    expect((await errorOf(sub)).extensions).toMatchObject({
      code: 'CONFLICT',
      fields: ['order.customer.create.orders.create.0.number'],
    })
  })

  test('a secret of a row inside is hashed, and told of with its path', async () => {
    const short = await errorOf({ number: number(), customer: { create: { name: 'pin', pin: '' } } })
    expect(short.extensions).toMatchObject({ code: 'VALIDATION', fields: ['order.customer.create.pin'] })
    await made({ number: number(), customer: { create: { name: 'pin', pin: '1234-secret' } } })
    expect(server().recorder.bytes().includes('1234-secret')).toBe(false)
  })
})

describe('batches', () => {
  const createMany = `mutation ($orders: [OrderInput!]!) { createOrders(input: { orders: $orders }) { orders {
    customer { name } lines { nodes { quantity } } tags { nodes { name } }
  } } }`
  const line = (quantity: number) => ({ quantity, productId: product })

  test('make and change rows with rows inside, in their order', async () => {
    const orders = [
      { number: number(), customer: { create: { name: 'B1' } }, lines: { create: [line(1), line(2)] } },
      { number: number(), customerId: customer, tags: { connect: [{ id: red }] } },
      { number: number(), customer: { create: { name: 'B3' } }, lines: { create: [line(3)] } },
    ]
    const { data, errors } = await server().askAs(clerk, createMany, { orders })
    expect(errors).toEqual([])
    expect(data.createOrders.orders).toMatchObject([
      { customer: { name: 'B1' }, lines: { nodes: [{ quantity: 1 }, { quantity: 2 }] } },
      { customer: { name: 'Bakery' }, lines: { nodes: [] }, tags: { nodes: [{ name: 'red' }] } },
      { customer: { name: 'B3' }, lines: { nodes: [{ quantity: 3 }] } },
    ])
    const ids = await server().askAs(clerk, '{ orders(first: 2, orderBy: [CREATED_AT_DESC]) { nodes { id } } }')
    const changes = ids.data.orders.nodes.map(({ id }: { id: string }, at: number) => ({
      id,
      patch: {
        ...(at === 0 ? { number: number() } : {}),
        lines: { create: [line(7)] },
        tags: { create: [{ name: number() }] },
      },
    }))
    const changed = await server().askAs(
      clerk,
      'mutation ($orders: [OrderChange!]!) { updateOrders(input: { orders: $orders }) { orders { lines { nodes { quantity } } tags { totalCount } } } }',
      { orders: changes },
    )
    expect(changed.errors).toEqual([])
    for (const row of changed.data.updateOrders.orders) {
      expect(row.lines.nodes.at(-1)).toEqual({ quantity: 7 })
      expect(row.tags.totalCount).toBeGreaterThan(0)
    }
  })

  test('tell of rows, and of those inside, by their places', async () => {
    const before = await server().count('customer')
    const fresh = { customer: { create: { name: 'Nobody' } } }
    const inside = [
      { number: number(), ...fresh },
      { number: number(), ...fresh, lines: { create: [line(1), line(0)] } },
    ]
    const first = await server().askAs(clerk, createMany, { orders: inside })
    expect(first.errors[0]?.extensions).toMatchObject({
      code: 'VALIDATION',
      fields: ['orders.1.lines.create.1.quantity'],
      rows: [{ at: 'orders.1.lines.create.1' }],
    })
    const taken = [
      { number: number(), ...fresh },
      { number: 'A1', ...fresh },
    ]
    expect((await server().askAs(clerk, createMany, { orders: taken })).errors[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      fields: ['orders.1.number'],
      rows: [{ index: 1, code: 'CONFLICT' }],
    })
    expect(await server().count('customer')).toBe(before)
  })
})

describe('the cost', () => {
  const shape = (count: number) => ({
    number: number(),
    customer: { create: { name: 'Many' } },
    lines: { create: Array.from({ length: count }, (_, at) => ({ quantity: 1 + (at % 9), productId: product })) },
    marked: { create: Array.from({ length: count }, () => ({ name: `t-${number()}` })) },
    tags: { create: Array.from({ length: count }, () => ({ name: `t-${number()}` })) },
  })

  test('in statements is the same for one row and for many', async () => {
    const statementsOf = async (count: number) => {
      server().recorder.take()
      await made(shape(count))
      return server()
        .recorder.take()
        .filter((text) => /^insert into|rowhouse\.write_rows|add_/.test(text)).length
    }
    const few = await statementsOf(2)
    expect(few).toBe(7)
    expect(await statementsOf(60)).toBe(few)
  })

  test('in rows is 1,000 for a request, in one mutation or in several', async () => {
    const lines = (count: number) => ({
      number: number(),
      customerId: customer,
      lines: { create: Array(count).fill({ quantity: 1, productId: product }) },
    })
    const before = await server().count('order_line')
    const one = await server().askAs(clerk, create, { order: lines(1000) })
    expect(one.errors).toMatchObject([{ extensions: { code: 'LIMIT' } }])
    const two = `mutation ($a: OrderInput!, $b: OrderInput!) { a: createOrder(input: { order: $a }) { id } b: createOrder(input: { order: $b }) { id } }`
    const several = await server().askAs(clerk, two, { a: lines(400), b: lines(600) })
    expect(several.errors.map(({ extensions }) => extensions.code).sort()).toEqual(['LIMIT', 'ROLLED_BACK'])
    expect(await server().count('order_line')).toBe(before)
  })
})
