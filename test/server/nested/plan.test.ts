import { describe, expect, test } from 'vitest'
import { RequestError } from '#base'
import type { Entity, Model } from '#schema'
import { nestedModel } from '../../../server/graphql/nested/nested-sides.ts'
import { planWrites } from '../../../server/graphql/nested/plan-writes.ts'
import { saidAt } from '../../../server/graphql/nested/said-at.ts'
import type { WritePlan } from '../../../server/graphql/nested/write-plan.ts'
import { allow, int, makeModel, one, optional, text } from '../../support/model.ts'

const many = (to: string, by: string) => ({ kind: 'many', to, by }) as const

const model: Model = makeModel({
  entities: {
    Customer: { fields: { name: text() }, lists: { orders: many('Order', 'customer') } },
    Order: {
      fields: { number: text() },
      relations: { customer: one('Customer'), country: one('Country') },
      lists: { lines: many('Line', 'order'), invoice: { kind: 'hasOne', to: 'Invoice', by: 'order' } },
    },
    Line: { fields: { quantity: optional(int()) }, relations: { order: one('Order') } },
    Invoice: { fields: { total: int() }, relations: { order: one('Order', { readonly: true }) } },
    Country: { fields: { name: text() } },
    Folder: {
      relations: { parent: one('Folder', { optional: true }) },
      lists: { children: many('Folder', 'parent') },
      tree: 'parent',
    },
  },
  roles: { clerk: [] },
  policies: Object.fromEntries(
    ['Customer', 'Order', 'Line', 'Invoice', 'Folder'].map((name) => [
      name,
      [allow('all', 'clerk', ['read', 'create', 'update'])],
    ]),
  ),
})
const entity = (name: string): Entity => model.entities.find((each) => each.name === name)!

function plan(name: string, values: object, verb: 'create' | 'update' = 'create'): WritePlan {
  const key = verb === 'update' ? { id: 'k' } : null
  return planWrites(model, { entity: entity(name), verb }, [
    { at: name.toLowerCase(), index: null, values: values as never, key },
  ])
}

/** `create Order 2`: what a plan does, in order. */
function told({ steps }: WritePlan): readonly string[] {
  return steps.map(({ verb, entity: { name }, rows }) => `${verb} ${name} ${rows.length}`)
}

function fault(run: () => unknown): RequestError {
  try {
    run()
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
  throw new Error('Nothing is wrong.')
}

describe('sides', () => {
  test('are offered where a rule lets somebody make the other row, connecting where one lets somebody change it', () => {
    const { ones, lists } = nestedModel(model).sidesOf(entity('Order'))
    expect(ones.map(({ name }) => name)).toEqual(['customer'])
    expect(lists.map(({ name, canConnect, isSingle }) => [name, canConnect, isSingle])).toEqual([
      ['lines', true, false],
      ['invoice', false, true],
    ])
    expect(nestedModel(model).hasInput(entity('Country'))).toBe(false)
  })

  test('make a relation optional in the input only where it may come from elsewhere', () => {
    const { isGivenElsewhere } = nestedModel(model)
    expect(isGivenElsewhere(entity('Order'), 'customerId')).toBe(true)
    expect(isGivenElsewhere(entity('Order'), 'countryId')).toBe(false)
    expect(isGivenElsewhere(entity('Line'), 'orderId')).toBe(true)
  })
})

describe('a plan', () => {
  test('goes from to-ones over the row to its lists, with one step for each level and relation', () => {
    const order = { number: '1', countryId: 'c', lines: { create: [{}, {}] }, invoice: { create: { total: 1 } } }
    const customer = { name: 'x', orders: { create: [order, { ...order, number: '2' }], connect: [{ id: 'o' }] } }
    const made = plan('Customer', customer)
    expect(told(made)).toEqual([
      'create Customer 1',
      'update Order 1',
      'create Order 2',
      'create Line 4',
      'create Invoice 2',
    ])
    expect(made.size).toBe(10)
    expect(
      told(plan('Line', { order: { create: { ...order, lines: null, customer: { create: { name: 'y' } } } } })),
    ).toEqual(['create Customer 1', 'create Order 1', 'create Invoice 1', 'create Line 1'])
  })

  test('leaves to a row its own values, and the keys of others for later', () => {
    const made = plan('Customer', { name: 'x', orders: { create: [{ number: '1', countryId: 'c' }] } })
    const [customer, order] = made.steps.map(({ rows }) => rows[0]!)
    expect(customer).toMatchObject({ values: { name: 'x' }, refs: [], hasMore: true })
    expect(order).toMatchObject({
      values: { number: '1', countryId: 'c' },
      refs: [{ name: 'customerId', within: null, slot: customer!.slot }],
      hasMore: false,
    })
    expect(made.roots).toEqual([customer!.slot])
  })

  test('knows where everything was said', () => {
    const made = plan('Order', {
      number: '1',
      countryId: 'c',
      customer: { create: { name: 'x' } },
      lines: { create: [{}, {}] },
    })
    const [customer, order, lines] = made.steps.map(({ rows }) => rows.at(-1)!.place)
    expect(saidAt(customer!, 'name')).toBe('order.customer.create.name')
    expect(saidAt(order!, 'number')).toBe('number')
    expect(saidAt(order!, 'customerId')).toBe('order.customer.create')
    expect(saidAt(lines!, 'quantity')).toBe('order.lines.create.1.quantity')
    expect(saidAt(lines!, 'orderId')).toBe('order.lines.create.1')
  })

  test('of rows of a batch has their places', () => {
    const values = { number: '1', countryId: 'c', customer: { create: { name: 'x' } } }
    const roots = [0, 1].map((index) => ({ at: `orders.${index}`, index, values, key: null }))
    const made = planWrites(model, { entity: entity('Order'), verb: 'create' }, roots)
    expect(told(made)).toEqual(['create Customer 2', 'create Order 2'])
    expect(saidAt(made.steps[1]!.rows[1]!.place, 'number')).toBe('orders.1.number')
  })

  test('of a change begins with what the row is given', () => {
    const made = plan(
      'Order',
      { customer: { create: { name: 'x' } }, lines: { create: [{}], connect: [{ id: 'l' }] } },
      'update',
    )
    expect(told(made)).toEqual(['create Customer 1', 'update Order 1', 'update Line 1', 'create Line 1'])
    expect(made.steps[1]!.rows[0]).toMatchObject({ key: { id: 'k' }, values: {}, hasMore: true })
  })

  test('of a tree has one step for each level', () => {
    const level = (depth: number): object => ({
      children: { create: depth === 0 ? [] : [level(depth - 1), level(depth - 1)] },
    })
    expect(told(plan('Folder', level(3)))).toEqual([1, 2, 4, 8].map((rows) => `create Folder ${rows}`))
  })

  test('does not touch what it was given', () => {
    const values = Object.freeze({
      number: '1',
      countryId: 'c',
      customer: Object.freeze({ create: Object.freeze({ name: 'x' }) }),
    })
    expect(told(plan('Order', values))).toHaveLength(2)
  })
})

describe('what is refused before anything is written', () => {
  const order = { number: '1', countryId: 'c', customerId: 'k' }

  test('is a relation that is said twice, or not at all', () => {
    expect(fault(() => plan('Order', { ...order, customer: { connect: { id: 'k' } } })).extensions).toEqual({
      fields: ['customerId', 'customer'],
    })
    expect(fault(() => plan('Order', { ...order, customerId: null })).message).toBe(
      '"customerId" or "customer" is required.',
    )
    const inside = { name: 'x', orders: { create: [order] } }
    expect(fault(() => plan('Customer', inside)).extensions).toEqual({
      fields: ['customer.orders.create.0.customerId'],
    })
    expect(told(plan('Order', { ...order, customer: null }))).toEqual(['create Order 1'])
  })

  test('is more than 1,000 rows, however deep', () => {
    const lines = (count: number) => ({ ...order, lines: { create: Array(count).fill({}) } })
    expect(plan('Order', lines(999)).size).toBe(1000)
    expect(fault(() => plan('Order', lines(1000))).code).toBe('LIMIT')
    const chain = (depth: number): object => (depth === 0 ? {} : { children: { create: [chain(depth - 1)] } })
    expect(plan('Folder', chain(999)).size).toBe(1000)
    expect(fault(() => plan('Folder', chain(1000))).code).toBe('LIMIT')
    expect(fault(() => plan('Order', { ...order, lines: { connect: Array(1000).fill({ id: 'l' }) } })).code).toBe(
      'LIMIT',
    )
  })
})
