import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../server/client.ts'
import {
  absent,
  closedLine,
  closedOrder,
  customer,
  foreignCustomer,
  foreignLine,
  foreignOrder,
  foreignTag,
  gil,
  hiddenCustomer,
  hiddenOrder,
  hiddenProduct,
  line,
  order,
  product,
  red,
  removedLine,
  secretTag,
  useNestedServer,
} from '../server/nested/nested-app.ts'

const server = useNestedServer()
const clerk = ['clerk']

const mutations = {
  order: 'mutation ($of: OrderInput!) { answer: createOrder(input: { order: $of }) { id } }',
  line: 'mutation ($of: OrderLineInput!) { answer: createOrderLine(input: { orderLine: $of }) { id } }',
  note: 'mutation ($of: NoteInput!) { answer: createNote(input: { note: $of }) { id } }',
  customer: 'mutation ($of: CustomerInput!) { answer: createCustomer(input: { customer: $of }) { id } }',
} as const
const update =
  'mutation ($id: UUID!, $patch: OrderPatch!) { answer: updateOrder(input: { id: $id, patch: $patch }) { id } }'

/** All rows of all tables, as the owner sees them. */
async function everything(): Promise<readonly string[]> {
  const rows = server().model.entities.map(({ table }) => `select to_jsonb(t)::text as row from app."${table}" t`)
  const text = `${rows.join(' union all ')} order by 1`
  const found = await server().database.asOwner((client) => client.query<{ row: string }>(text))
  return found.rows.map(({ row }) => row)
}

// Whatever is tried here, nothing changes.
let before: readonly string[] = []
beforeAll(async () => {
  before = await everything()
})
afterEach(async () => {
  expect(await everything()).toEqual(before)
})

/** What is told to somebody who is refused. */
async function refused(
  query: string,
  variables: object,
  roles: readonly string[] = clerk,
): Promise<Answer['errors'][number]> {
  const { data, errors } = await server().askAs(roles, query, variables)
  expect(data).toEqual({ answer: null })
  expect(errors).toHaveLength(1)
  return errors[0]!
}

let numbers = 0
const newOrder = (more: object, open = true) => ({
  of: { number: `A-${++numbers}`, open, customerId: customer, ...more },
})
const one = (key: string) => ({ connect: { id: key } })

/** The answers must be the same, whatever is behind the ids. */
async function sameForAll(
  keys: readonly string[],
  ask: (key: string) => readonly [string, object],
  fields: readonly string[],
) {
  const told: string[] = []
  for (const key of keys) {
    const { message, extensions } = await refused(...ask(key))
    expect(extensions).toMatchObject({ code: 'NOT_FOUND', fields })
    told.push(JSON.stringify({ message, extensions }))
  }
  expect(new Set(told).size).toBe(1)
}

describe('rows out of sight', () => {
  test('are no parents: of another tenant, hidden or absent', async () => {
    const of = (key: string) => ({ of: { quantity: 1, productId: product, order: one(key) } })
    await sameForAll([foreignOrder, hiddenOrder, absent], (key) => [mutations.line, of(key)], [
      'orderLine.order.connect',
    ])
    const patch = { lines: { create: [{ quantity: 1, productId: product }] } }
    const parcel = { parcel: { create: { code: 'stolen' } } }
    for (const each of [patch, parcel]) {
      const told = new Set<string>()
      for (const key of [foreignOrder, hiddenOrder, absent]) {
        const { message, extensions } = await refused(update, { id: key, patch: each })
        expect(extensions.code).toBe('NOT_FOUND')
        told.add(JSON.stringify([message, extensions]))
      }
      expect(told.size).toBe(1)
    }
  })

  test('are connected to nothing, and told from absent ones by nothing', async () => {
    await sameForAll(
      [hiddenCustomer, foreignCustomer, absent],
      (key) => [mutations.order, newOrder({ customerId: null, customer: one(key) })],
      ['order.customer.connect'],
    )
    await sameForAll(
      [hiddenProduct, absent],
      (key) => [
        mutations.order,
        newOrder({ lines: { create: [1, 2].map((quantity) => ({ quantity, product: one(key) })) } }),
      ],
      ['order.lines.create.0.product.connect', 'order.lines.create.1.product.connect'],
    )
    await sameForAll(
      [foreignLine, removedLine, absent],
      (key) => [mutations.order, newOrder({ lines: { connect: [{ id: line }, { id: key }] } })],
      ['order.lines.connect.1'],
    )
    await sameForAll(
      [secretTag, foreignTag, absent],
      (key) => [
        mutations.order,
        newOrder({ tags: { connect: [{ id: red }, { id: key }], create: [{ name: 'fresh' }] } }),
      ],
      ['order.tags'],
    )
    await sameForAll(
      [secretTag, foreignTag, absent],
      (key) => [update, { id: order, patch: { tags: { connect: [{ id: key }] } } }],
      ['patch.tags'],
    )
    await sameForAll(
      [secretTag, foreignTag, absent],
      (key) => [mutations.order, newOrder({ marked: { connect: [{ id: red }, { id: key }] } })],
      ['order.marked.connect.1'],
    )
    await sameForAll(
      [hiddenOrder, foreignOrder, absent],
      (key) => [mutations.note, { of: { text: 'x', subject: { order: one(key) } } }],
      ['note.subject.order.connect'],
    )
  })
})

describe('a row inside that is refused', () => {
  test('leaves nothing, and is told by the rule of its own', async () => {
    const lines = [1, 13, 2].map((quantity) => ({ quantity, productId: product }))
    const fresh = { customer: { create: { name: 'Fresh' } }, customerId: null, lines: { create: lines } }
    expect((await refused(mutations.order, newOrder(fresh))).extensions).toMatchObject({
      code: 'FORBIDDEN',
      rule: { title: 'thirteen is unlucky', because: 'Nobody takes thirteen.' },
      rows: [{ at: 'order.lines.create.1', code: 'FORBIDDEN' }],
    })
    const deep = { name: 'Deep', orders: { create: [newOrder({ customerId: null, lines: { create: lines } }).of] } }
    expect((await refused(mutations.customer, { of: deep })).extensions).toMatchObject({
      rows: [{ at: 'customer.orders.create.0.lines.create.1' }],
    })
    const secret = { name: 'Secret', secret: true, orders: { create: [newOrder({ customerId: null }).of] } }
    expect((await refused(mutations.customer, { of: secret })).extensions).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('is refused to whom no rule lets make such rows, though the row around it is fine', async () => {
    const lines = { lines: { create: [{ quantity: 1, product: { create: { name: 'Mine' } } }] } }
    const error = await refused(mutations.order, newOrder(lines))
    expect(error.extensions).toMatchObject({ code: 'FORBIDDEN', rows: [{ at: 'order.lines.create.0.product.create' }] })
    const tags = { tags: { create: [{ name: 'hush', secret: true }] } }
    expect((await refused(mutations.order, newOrder(tags))).extensions.code).toBe('FORBIDDEN')
    expect((await refused(mutations.order, newOrder({}), ['reader'])).extensions.code).toBe('FORBIDDEN')
  })

  test('may write no field that nobody lets it write', async () => {
    const price = {
      lines: {
        create: [
          { quantity: 1, productId: product },
          { quantity: 1, productId: product, price: '0' },
        ],
      },
    }
    expect((await refused(mutations.order, newOrder(price))).extensions).toMatchObject({
      code: 'FORBIDDEN',
      fields: ['order.lines.create.1.price'],
    })
    const credit = { customerId: null, customer: { create: { name: 'Rich', credit: 9 } } }
    expect((await refused(mutations.order, newOrder(credit))).extensions).toMatchObject({
      code: 'FORBIDDEN',
      fields: ['order.customer.create.credit'],
    })
  })

  test('may not forge what a rule presets', async () => {
    for (const forged of [{ placedById: gil }, { source: 'forged' }]) {
      const of = { name: 'Forged', orders: { create: [newOrder({ customerId: null, ...forged }).of] } }
      const { extensions } = await refused(mutations.customer, { of })
      expect(extensions).toMatchObject({ code: 'FORBIDDEN', rows: [{ at: 'customer.orders.create.0' }] })
    }
  })
})

describe('rows of others', () => {
  test('are taken over by nobody who may not change them', async () => {
    const steal = (key: string) => newOrder({ lines: { connect: [{ id: key }] } })
    expect((await refused(mutations.order, steal(closedLine))).extensions).toMatchObject({
      code: 'FORBIDDEN',
      rules: ['clerks write lines of open orders'],
      rows: [{ at: 'order.lines.connect.0' }],
    })
    const two = newOrder({ lines: { connect: [{ id: line }, { id: closedLine }] } })
    expect((await refused(mutations.order, two)).extensions).toMatchObject({ rows: [{ at: 'order.lines.connect.1' }] })
    expect((await refused(mutations.order, steal(foreignLine))).extensions.code).toBe('NOT_FOUND')
  })

  test('take in nothing from those who may not change them', async () => {
    const patches = [
      { lines: { connect: [{ id: line }] } },
      { lines: { create: [{ quantity: 1, productId: product }] } },
      { parcel: { create: { code: 'P' } } },
      { notes: { create: [{ text: 'hi' }] } },
      { tags: { connect: [{ id: red }] } },
      { marked: { connect: [{ id: red }] } },
    ]
    for (const patch of patches)
      expect((await refused(update, { id: closedOrder, patch })).extensions.code).toBe('FORBIDDEN')
    expect((await refused(update, { id: order, patch: patches[2] }, ['reader'])).extensions.code).toBe('FORBIDDEN')
  })

  test('are not written through fields that no input has', async () => {
    const { data } = await server().askAs(clerk, '{ __schema { types { name kind inputFields { name } } } }')
    const inputs = (data.__schema.types as readonly { name: string; inputFields: { name: string }[] | null }[]).filter(
      ({ name }) => /(Input|Patch)$/.test(name),
    )
    const entities = server().model.entities.flatMap(({ name }) => [`${name}Input`, `${name}Patch`])
    const names = inputs.flatMap(({ name, inputFields }) =>
      entities.includes(name) ? inputFields!.map((field) => field.name) : [],
    )
    expect(names).toContain('quantity')
    expect(names.filter((name) => /tenant|deletedAt|createdAt|updatedAt|position/i.test(name))).toEqual([])
    // Nobody may update parcels of an order that is there, for "order" is set once; and no rule makes users.
    const fieldsOf = (name: string) => inputs.find((each) => each.name === name)?.inputFields?.map((each) => each.name)
    expect(fieldsOf('ParcelCreateOneInput')).toEqual(['create'])
    expect(fieldsOf('UserToOneInput')).toBeUndefined()
    expect(fieldsOf('OrderInput')).not.toContain('goods')
  })
})
