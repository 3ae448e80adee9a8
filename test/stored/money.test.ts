import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDevKeys } from '#server'
import { type ShopServer, startShopServer } from '../server/client.ts'
import { bo, useLedgers } from './ledgers.ts'

const ledgers = useLedgers()
let running: ShopServer | undefined
let folder = ''
let customer = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  running = await startShopServer(ledgers(), await loadDevKeys(folder))
  const { customers } = await ask(
    'mutation { createCustomer(input: { customer: { name: "Ann" } }) { customer { id } } }',
  ).then(({ createCustomer }) => ({ customers: [createCustomer.customer] }))
  customer = customers[0].id
})

afterAll(async () => {
  await running?.server.close()
  await rm(folder, { recursive: true })
})

async function ask(query: string, variables: object = {}) {
  const token = await running!.token({ sub: bo, roles: ['boss'], claims: {} })
  const answer = await running!.ask(query, variables, token)
  expect(answer.errors).toEqual([])
  return answer.data
}

/** Cents as an amount, digit by digit. */
function amount(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const cents = (most: bigint) => fc.bigInt({ min: -most, max: most })
/** Up to the most that a column of money holds, far beyond what a float can tell apart. */
const entry = fc.record({
  price: cents(10n ** 15n),
  quantity: fc.integer({ min: 0, max: 99 }),
  rebate: cents(10n ** 18n),
})

test('amounts are exact through variables, literals, stored formulas over two relations, sums and JSON', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 5 }), async (entries) => {
      const { createOrder } = await ask(
        `mutation { createOrder(input: { order: { number: "${Math.random()}", customerId: "${customer}" } }) { order { id } } }`,
      )
      const order: string = createOrder.order.id
      for (const { price, quantity, rebate } of entries) {
        const { createProduct } = await ask(
          'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id price } } }',
          { input: { product: { name: 'p', price: amount(price) } } },
        )
        expect(createProduct.product.price).toBe(amount(price))
        const { createEntry } = await ask(
          `mutation { createEntry(input: { entry: { orderId: "${order}", productId: "${createProduct.product.id}", quantity: ${quantity}, rebate: "${amount(rebate)}" } }) { entry { amount rebate } } }`,
        )
        const made = price * BigInt(quantity) - rebate
        expect(createEntry.entry).toEqual({ amount: amount(made), rebate: amount(rebate) })
      }
      const total = entries.reduce((sum, each) => sum + each.price * BigInt(each.quantity) - each.rebate, 0n)
      const found = await ask(
        `{ order(id: "${order}") { subtotal total lines { aggregates { sum { amount } } } } orders(filter: { id: { equalTo: "${order}" }, subtotal: { equalTo: "${amount(total)}" } }) { totalCount } }`,
      )
      expect(found).toEqual({
        order: {
          subtotal: amount(total),
          total: amount(total),
          lines: { aggregates: { sum: { amount: amount(total) } } },
        },
        orders: { totalCount: 1 },
      })
    }),
    { numRuns: 12 },
  )
})
