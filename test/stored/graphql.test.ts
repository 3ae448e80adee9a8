import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDevKeys } from '#server'
import { type ShopServer, startShopServer } from '../server/client.ts'
import { bo, useLedgers } from './ledgers.ts'

const ledgers = useLedgers()
let running: ShopServer | undefined
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  running = await startShopServer(ledgers(), await loadDevKeys(folder))
  await ledgers().load(`
    insert into app.customer (name) values ('Ann'), ('Ben');
    insert into app.product (name, price) values ('nut', 2), ('cog', 60)`)
})

afterAll(async () => {
  await running?.server.close()
  await rm(folder, { recursive: true })
})

const as = (role: 'clerk' | 'boss') => running!.token({ sub: bo, roles: [role], claims: {} })

async function ask(query: string, role: 'clerk' | 'boss' = 'boss') {
  const answer = await running!.ask(query, null, await as(role))
  expect(answer.errors).toEqual([])
  return answer.data
}

test('a request that makes rows answers with what follows from them; lists are filtered, ordered and summed by it', async () => {
  const { customers, products } = await ask(
    '{ customers { nodes { id } } products(orderBy: [NAME_ASC]) { nodes { id } } }',
  )
  const [ann, cog, nut] = [customers.nodes[0].id, products.nodes[0].id, products.nodes[1].id]
  const make = (number: string, product: string, quantity: number) =>
    ask(
      `mutation { createOrder(input: { order: { number: "${number}", customerId: "${ann}" } }) { order { id total } } }`,
    ).then(async ({ createOrder }) => {
      expect(createOrder.order.total).toBe('0.00')
      const { createEntry } = await ask(
        `mutation { createEntry(input: { entry: { orderId: "${createOrder.order.id}", productId: "${product}", quantity: ${quantity} } }) { entry { amount share order { total lineCount customer { ordered isGood } } } } }`,
      )
      return createEntry.entry
    })
  expect(await make('A', nut, 4)).toEqual({
    amount: '8.00',
    share: '1.0000',
    order: { total: '8.00', lineCount: 1, customer: { ordered: '8.00', isGood: false } },
  })
  expect(await make('B', cog, 2)).toMatchObject({
    order: { total: '120.00', customer: { ordered: '128.00', isGood: true } },
  })
  const { orders, all } = await ask(`{
    orders(filter: { total: { greaterThan: "10" } }, orderBy: [TOTAL_DESC]) { nodes { number total margin } }
    all: orders { aggregates { sum { total } } }
  }`)
  expect(orders.nodes).toEqual([{ number: 'B', total: '120.00', margin: '1.0000' }])
  expect(all.aggregates.sum.total).toBe('128.00')
  const { orders: small } = await ask('{ orders { nodes { number total lines { nodes { amount } } } } }', 'clerk')
  expect(small.nodes).toEqual([{ number: 'A', total: '8.00', lines: { nodes: [{ amount: '8.00' }] } }])
})

test('nobody gives them a value', async () => {
  const schema = await ask('{ __type(name: "OrderInput") { inputFields { name } } }')
  const names = schema.__type.inputFields.map((each: { readonly name: string }) => each.name)
  expect(names).toContain('number')
  expect(names).not.toContain('total')
})

test('an index serves lists that are ordered by a stored formula', async () => {
  const text = await ledgers().database.asActor({ roles: ['boss'], tenant: null, actor: bo }, async (client) => {
    await client.query('set local enable_seqscan = off')
    const { rows } = await client.query('explain select id from app."order" where total > 5 order by total')
    return JSON.stringify(rows)
  })
  expect(text).toContain('order_total_idx')
})
