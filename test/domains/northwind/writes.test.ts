import { describe, expect, test } from 'vitest'
import { useAppServer } from '../../support/app-server.ts'
import type { Subject } from '../../support/served-app.ts'
import { loadDump, useOriginal } from '../support/original.ts'
import { caller, people } from './people.ts'

const original = useOriginal('northwind')
const app = useAppServer(import.meta.dirname, people, { before: (client) => loadDump(client, 'northwind') })

const nancy = caller(1, ['sales'])
const michael = caller(6, ['sales'])
const andrew = caller(2, ['director'])
const alfreds = caller('ALFKI', ['customer'])

/** What a change came to: its answer, or the one error as code with what it says. */
async function change(who: Subject, mutation: string, variables: object = {}) {
  const { data, errors } = await app().ask(who, mutation, variables)
  if (errors.length === 0) return data
  expect(errors, JSON.stringify(app().log)).toHaveLength(1)
  const { code, ...more } = errors[0]!.extensions
  return { code, message: errors[0]!.message, ...more }
}

const createOrder =
  'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { number order { total customer { orderCount } ship { name city } } } }'
const createLine =
  'mutation ($line: OrderLineInput!) { createOrderLine(input: { orderLine: $line }) { orderLine { amount order { total } } } }'
const updateLine =
  'mutation ($orderId: Int!, $productId: Int!, $patch: OrderLinePatch!) { updateOrderLine(input: { orderId: $orderId, productId: $productId, patch: $patch }) { orderLine { amount } } }'

describe('sales', () => {
  test('takes an order in its own name, line by line', async () => {
    const [{ count }] = await original().rows("select count(*)::int from orders where customer_id = 'ALFKI'")
    const order = {
      number: 11100,
      customerId: 'ALFKI',
      employeeId: 1,
      shipperId: 1,
      freight: 0.1,
      ship: { name: 'Alfreds', city: 'Berlin' },
    }
    expect(await change(nancy, createOrder, { order })).toEqual({
      createOrder: {
        number: 11100,
        order: { total: '0.00', customer: { orderCount: count + 1 }, ship: { name: 'Alfreds', city: 'Berlin' } },
      },
    })
    const line = { orderId: 11100, productId: 11, unitPrice: 9.8, quantity: 3, discount: 0.05 }
    expect(await change(nancy, createLine, { line })).toEqual({
      createOrderLine: { orderLine: { amount: '27.93', order: { total: '27.93' } } },
    })
    expect(await change(nancy, updateLine, { orderId: 11100, productId: 11, patch: { quantity: 4 } })).toEqual({
      updateOrderLine: { orderLine: { amount: '37.24' } },
    })
    expect(await change(nancy, createLine, { line })).toMatchObject({ code: 'CONFLICT' })
    expect(await change(nancy, createLine, { line: { ...line, productId: 12, quantity: 0 } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['quantity'],
    })
    expect(await change(nancy, createLine, { line: { ...line, productId: 12, quantity: 40_000 } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['quantity'],
    })
    expect(await change(nancy, createLine, { line: { ...line, productId: 999 } })).toMatchObject({
      code: 'NOT_FOUND',
      fields: ['productId'],
    })
    expect(await change(michael, createLine, { line: { ...line, productId: 12 } })).toMatchObject({
      code: 'NOT_FOUND',
      fields: ['orderId'],
    })
    const remove = 'mutation { deleteOrderLine(input: { orderId: 11100, productId: 11 }) { orderId } }'
    expect(await change(nancy, remove)).toEqual({ deleteOrderLine: { orderId: 11100 } })
  })

  test('in nobody else’s name, under no number that is taken, and within what the columns hold', async () => {
    const order = { number: 11101, customerId: 'ALFKI', employeeId: 1 }
    expect(await change(nancy, createOrder, { order: { ...order, employeeId: 6 } })).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await change(nancy, createOrder, { order: { ...order, number: 10248 } })).toMatchObject({ code: 'CONFLICT' })
    expect(await change(nancy, createOrder, { order: { ...order, customerId: 'NOONE' } })).toMatchObject({
      code: 'NOT_FOUND',
      fields: ['customerId'],
    })
    const ship = { name: 'x'.repeat(41) }
    expect(await change(nancy, createOrder, { order: { ...order, ship } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['ship.name'],
    })
    // A place without a name is none.
    expect(await change(nancy, createOrder, { order: { ...order, ship: { city: 'Berlin' } } })).toMatchObject({
      code: 'VALIDATION',
    })
  })

  test('leaves alone what is on its way', async () => {
    const [{ order_id: number }] = await original().rows(
      'select order_id from orders where employee_id = 1 and shipped_date is not null limit 1',
    )
    const update =
      'mutation ($number: Int!, $patch: OrderPatch!) { updateOrder(input: { number: $number, patch: $patch }) { order { freight } } }'
    expect(await change(nancy, update, { number, patch: { freight: 0 } })).toMatchObject({ code: 'FORBIDDEN' })
    expect(await change(andrew, update, { number, patch: { freight: 7.25 } })).toEqual({
      updateOrder: { order: { freight: 7.25 } },
    })
  })
})

describe('customers', () => {
  test('keep their own details, and not their name', async () => {
    const update =
      'mutation ($code: String!, $patch: CustomerPatch!) { updateCustomer(input: { code: $code, patch: $patch }) { customer { phone } } }'
    expect(await change(alfreds, update, { code: 'ALFKI', patch: { phone: '030-1' } })).toEqual({
      updateCustomer: { customer: { phone: '030-1' } },
    })
    expect(await change(alfreds, update, { code: 'ALFKI', patch: { name: 'Else' } })).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await change(alfreds, update, { code: 'ANATR', patch: { phone: '1' } })).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('have a code of five capitals', async () => {
    const create =
      'mutation ($customer: CustomerInput!) { createCustomer(input: { customer: $customer }) { customer { code name } } }'
    expect(await change(nancy, create, { customer: { code: 'new', name: 'New' } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['code'],
    })
    expect(await change(nancy, create, { customer: { code: 'NEWCO', name: 'New' } })).toEqual({
      createCustomer: { customer: { code: 'NEWCO', name: 'New' } },
    })
    expect(await change(andrew, 'mutation { deleteCustomer(input: { code: "NEWCO" }) { code } }')).toEqual({
      deleteCustomer: { code: 'NEWCO' },
    })
    expect(await change(andrew, 'mutation { deleteCustomer(input: { code: "ALFKI" }) { code } }')).toMatchObject({
      code: 'CONFLICT',
    })
  })
})
