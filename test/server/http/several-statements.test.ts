import { expect, test } from 'vitest'
import { useShopServer } from '../client.ts'
import { shopId } from '../shop.ts'

const shop = useShopServer()
const [order, customer] = [shopId('order', 'a', 1), shopId('customer', 'a', 1)]
const can = `can(questions: [
  { verb: "read", entity: "Order", ids: ["${order}"] }
  { verb: "read", entity: "Customer", ids: ["${customer}"] }
  { verb: "update", entity: "Order", ids: ["${order}"] }
]) { allowed }`
const orders = 'orders(first: 1) { nodes { id } totalCount }'

test.each([
  ['alone', `{ can: ${can} }`],
  ['before others', `{ can: ${can} ${orders} }`],
  ['behind others', `{ ${orders} can: ${can} }`],
  ['twice', `{ first: ${can} can: ${can} }`],
])('the end of a request waits for a step that asks several times: %s', async (_, text) => {
  const { data, errors } = await shop().ask(text)
  expect(errors).toEqual([])
  expect(data.can).toEqual([{ allowed: [true] }, { allowed: [true] }, { allowed: [true] }])
})
