import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../cli/support/run-rowhouse.ts'
import { useAppServer } from '../support/app-server.ts'
import { readBlocks } from './read-document.ts'

/** The takings of the guide are served, and its requests are sent in their order. */
const blocks = readBlocks('docs/guide/behaviour/stored-formulas.md')
mkdirSync(join(root, '.tmp'), { recursive: true })
const folder = mkdtempSync(join(root, '.tmp', 'takings-'))
for (const { marks, text } of blocks) {
  if (marks.file === undefined) continue
  mkdirSync(dirname(join(folder, marks.file)), { recursive: true })
  writeFileSync(join(folder, marks.file), text)
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const request = (run: string) => blocks.find(({ marks }) => marks.run === run)!.text

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const rows = {
  Customer: [{ id: id(2), name: 'Ann' }],
  Order: [{ id: id(3), customer: id(2), number: 'A' }],
}
const takings = useAppServer(folder, { tenants: [{ id: id(1), slug: 'acme', name: 'Acme', rows }] })
const ask = (text: string, variables: object = {}) =>
  takings().ask({ sub: id(9), tenant: id(1), roles: ['manager'], claims: {} }, text, variables)

test('sums follow from items, lists find them, and rules are looked at when all is done', async () => {
  const order = id(3)
  const { data, errors } = await ask(request('item'), { order })
  expect(errors).toEqual([])
  expect(data.createOrderItem.orderItem).toEqual({
    amount: '7.50',
    order: { total: '7.50', customer: { ordered: '7.50' } },
  })
  expect((await ask(request('list'))).data.orders.nodes).toEqual([])

  const rebate =
    'mutation ($order: UUID!) { updateOrder(input: { id: $order, patch: { rebate: "9" } }) { order { rebate } } }'
  const refused = await ask(rebate, { order })
  expect(refused.errors.map(({ extensions }) => extensions)).toEqual([
    { code: 'VALIDATION', rule: 'the rebate is no more than the items come to', fields: ['rebate', 'subtotal'] },
  ])
  expect((await ask(request('together'), { order })).errors).toEqual([])
})
