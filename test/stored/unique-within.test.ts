import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { acme, useWrittenServer } from '../options/written-server.ts'
import { entitiesOnly } from '../schema/written-app.ts'

// A place is taken once among the items of all open orders of a customer: further away than the row, and under a condition.
const app = useWrittenServer(
  entitiesOnly(`import { boolean, entity, formulas, int, one, partOf, string, uuid } from 'rowhouse/schema'
export const Customer = entity('Customer', { fields: { name: string() } })
export const Order = entity('Order', {
  fields: { number: string(), isOpen: boolean({ default: true }) },
  relations: { customer: one('Customer') },
})
export const Item = entity('Item', {
  fields: { place: int() },
  relations: { order: partOf('Order') },
  computed: { customerId: uuid({ stored: true }), isLive: boolean({ stored: true }) },
  unique: [{ on: ['customerId', 'place'], where: { isLive: true } }],
})
export const ItemFormulas = formulas(Item, { customerId: (i) => i.order.customer.id, isLive: (i) => i.order.isOpen })`),
)

const id = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`

beforeAll(() =>
  app().database.asOwner((client) =>
    client.query(`set local rowhouse.tenant_id = '${acme}';
      insert into app.customer (id, name) values ('${id(1)}', 'Ann'), ('${id(2)}', 'Ben');
      insert into app."order" (id, number, customer_id) values ('${id(11)}', 'A', '${id(1)}'), ('${id(12)}', 'B', '${id(1)}'), ('${id(13)}', 'C', '${id(2)}'), ('${id(14)}', 'D', '${id(1)}')`),
  ),
)

const add = (order: number, place: number) =>
  app().ask(`mutation { createItem(input: { item: { orderId: "${id(order)}", place: ${place} } }) { item { id } } }`)
const change = (order: number, patch: string) =>
  app().ask(`mutation { updateOrder(input: { id: "${id(order)}", patch: { ${patch} } }) { order { id } } }`)
const codes = async (
  answer: Promise<{ readonly errors: readonly { readonly extensions: { readonly code: string } }[] }>,
) => (await answer).errors.map(({ extensions }) => extensions.code)

test('a value is taken once within what is further away, as long as the condition holds', async () => {
  expect(await codes(add(11, 1))).toEqual([])
  expect(await codes(add(12, 1))).toEqual(['CONFLICT'])
  expect(await codes(add(13, 1))).toEqual([])
  expect(await codes(change(13, `customerId: "${id(1)}"`))).toEqual(['CONFLICT'])
  expect(await codes(change(11, 'isOpen: false'))).toEqual([])
  expect(await codes(add(12, 1))).toEqual([])
  expect(await codes(change(11, 'isOpen: true'))).toEqual(['CONFLICT'])
})

test('of two who take it at once, in two orders, the second waits and is refused', async () => {
  const { database } = app()
  const clients = await Promise.all([1, 2].map(() => database.connect(database.loginUrl)))
  const [one, other] = clients as [Client, Client]
  const take = (client: Client, order: number) =>
    client.query(`insert into app.item (order_id, place) values ('${id(order)}', 7)`)
  try {
    for (const client of clients) {
      await client.query('begin')
      await client.query(`set local role "${roleSetName(database.names.prefix, ['admin'])}"`)
      await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
    }
    await take(one, 12)
    const taking = take(other, 14).then(
      () => 'taken',
      ({ code }: { readonly code: string }) => code,
    )
    await one.query('commit')
    expect(await taking).toBe('23505')
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
})
