import { beforeAll, describe, expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'

// What the example computes, counts and promises, as its people see it.
const example = useExampleServer()
let europeanLead: string

beforeAll(async () => {
  europeanLead = await example().token({ roles: ['lead'], claims: { region: 'eu' } })
})

const data = async (who: 'ada' | 'sam' | 'gil' | { readonly token: string }, query: string, variables: object = {}) => {
  const answer = await example().ask(who, query, variables)
  expect(answer.errors, query).toEqual([])
  return answer.data
}
const refusal = async (who: Parameters<typeof data>[0], query: string, variables: object) => {
  const { errors } = await example().ask(who, query, variables)
  return errors.map(({ extensions }) => extensions)
}
const cents = (text: string): bigint => BigInt(text.replace('.', ''))
const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, one) => total + cents(one), 0n)

describe('computed fields', () => {
  const orders = `{ orders(first: 1000, orderBy: TOTAL_DESC) { totalCount
    nodes { total lineCount lines { nodes { quantity unitPrice discount amount } } invoice { amount } } } }`

  test.each(['sam', 'gil'] as const)('lines, totals and bills of %s agree to the cent', async (who) => {
    const { nodes, totalCount } = (await data(who, orders)).orders
    expect(nodes.length).toBe(totalCount)
    for (const { total, lineCount, lines, invoice } of nodes) {
      for (const { quantity, unitPrice, discount, amount } of lines.nodes) {
        const thousandths = BigInt(quantity) * cents(unitPrice) * (1000n - cents(discount))
        expect(cents(amount)).toBe((thousandths + 500n) / 1000n)
      }
      expect(cents(total)).toBe(sum(lines.nodes.map(({ amount }: { amount: string }) => amount)))
      expect(lineCount).toBe(lines.nodes.length)
      if (invoice !== null) expect(invoice.amount).toBe(total)
    }
    const totals = nodes.map(({ total }: { total: string }) => Number(total))
    expect(totals).toEqual([...totals].sort((a, b) => b - a))
  })

  test('what is still to be paid is found by it, in each tenant its own', async () => {
    const open = `{
      open: invoices(first: 1000, filter: { balance: { greaterThan: "0" }, status: { equalTo: sent } }, orderBy: BALANCE_DESC) {
        totalCount nodes { amount paid balance payments { nodes { amount } } } }
      settled: invoices(filter: { balance: { equalTo: "0" } }) { totalCount nodes { status } }
      paid: invoices(filter: { status: { equalTo: paid } }) { totalCount }
    }`
    const [adas, gils] = [await data('ada', open), await data('gil', open)]
    for (const { open, settled, paid } of [adas, gils]) {
      expect(open.totalCount).toBeGreaterThan(0)
      for (const { amount, paid, balance, payments } of open.nodes) {
        expect(cents(paid)).toBe(sum(payments.nodes.map((one: { amount: string }) => one.amount)))
        expect(cents(balance)).toBe(cents(amount) - cents(paid))
      }
      expect(open.nodes.some(({ paid }: { paid: string }) => Number(paid) > 0)).toBe(true)
      expect(settled.totalCount).toBe(paid.totalCount)
    }
    expect(adas.open.totalCount).not.toBe(gils.open.totalCount)
  })
})

describe('rules', () => {
  const update = 'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }'
  const pick = `query ($filter: OrderFilter) { orders(first: 1, filter: $filter) { nodes { id total } } }`
  const european = { customer: { region: { equalTo: 'eu' } }, status: { in: ['draft', 'placed'] } }

  test('nothing is promised before it is wanted, whoever asks', async () => {
    const filter = { wantedOn: { isNull: false }, status: { equalTo: 'draft' } }
    const [{ id }] = (await data('sam', pick, { filter })).orders.nodes
    const patch = { wantedOn: '2026-12-24', promisedOn: '2026-12-23' }
    const broken = { code: 'VALIDATION', rule: 'promised no earlier than wanted' }
    for (const who of ['sam', 'ada'] as const)
      expect(await refusal(who, update, { id, patch })).toEqual([expect.objectContaining(broken)])
    await data('sam', update, { id, patch: { ...patch, promisedOn: '2026-12-24' } })
    await data('sam', update, { id, patch: { promisedOn: null } })
  })

  test('leads set the margin of large orders, and of no others', async () => {
    const lead = { token: europeanLead }
    const of = async (total: object) =>
      (await data('ada', pick, { filter: { ...european, currency: { equalTo: 'EUR' }, total } })).orders.nodes[0]
    const [large, modest] = [await of({ greaterThan: '10000' }), await of({ lessThanOrEqualTo: '10000' })]
    await data(lead, update, { id: large.id, patch: { margin: '1000' } })
    expect(await refusal(lead, update, { id: modest.id, patch: { margin: '10' } })).toMatchObject([
      { code: 'FORBIDDEN', rule: null, fields: ['margin'] },
    ])
    expect(await refusal(lead, update, { id: large.id, patch: { notes: 'x' } })).toMatchObject([
      { code: 'FORBIDDEN', rule: null },
    ])
    // The same order is modest once its lines are worth less.
    await example().database.asOwner((client) =>
      client.query('update app.order_line set discount = 1 where order_id = $1', [large.id]),
    )
    expect(await refusal(lead, update, { id: large.id, patch: { margin: '1' } })).toMatchObject([
      { code: 'FORBIDDEN', rule: null },
    ])
  })
})

describe('lines of a draft', () => {
  const add = `mutation ($line: OrderLineInput!) { createOrderLine(input: { orderLine: $line }) {
    id orderLine { unitPrice amount order { total lineCount } } } }`
  const move =
    'mutation ($id: UUID!) { moveOrderLine(input: { id: $id, to: 1 }) { orderLine { order { lines { nodes { id } } } } } }'

  test('have the price of the list, and the order that they are put in', async () => {
    const { customers, products } = await data(
      'sam',
      '{ customers(first: 1) { nodes { id } } products(first: 2, orderBy: SKU_ASC) { nodes { id price } } }',
    )
    const make = async (currency: string) =>
      (
        await data('sam', 'mutation ($o: OrderInput!) { createOrder(input: { order: $o }) { id } }', {
          o: { number: `FF-${currency}`, customerId: customers.nodes[0].id, currency },
        })
      ).createOrder.id
    const [chair, desk] = products.nodes
    const orderId = await make('EUR')
    const first = await data('sam', add, { line: { orderId, productId: chair.id, quantity: 3 } })
    const amount = String((3n * cents(chair.price)) / 100n)
    expect(first.createOrderLine.orderLine).toMatchObject({ unitPrice: chair.price, order: { lineCount: 1 } })
    expect(first.createOrderLine.orderLine.amount.split('.')[0]).toBe(amount)
    const bargain = { orderId, productId: desk.id, quantity: 2, unitPrice: '9.99', discount: '0.5' }
    const second = await data('sam', add, { line: bargain })
    expect(second.createOrderLine.orderLine).toMatchObject({ unitPrice: '9.99', amount: '9.99' })
    const ids = [first, second].map(({ createOrderLine }) => createOrderLine.id)
    const moved = await data('sam', move, { id: ids[1] })
    const lines = moved.moveOrderLine.orderLine.order.lines.nodes
    expect(lines.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed())
    // The list is in euros: a dollar price is for whoever sells to say.
    const dollars = { orderId: await make('USD'), productId: chair.id, quantity: 1 }
    expect(await refusal('sam', add, { line: dollars })).toEqual([{ code: 'VALIDATION', fields: ['unitPrice'] }])
  })
})

test('invoices are numbered by the database, without gaps, behind those of the seed', async () => {
  const { invoices, orders } = await data(
    'ada',
    `{ invoices(first: 1, orderBy: NUMBER_DESC) { nodes { number } }
       orders(first: 2, filter: { invoiceExists: false, status: { equalTo: placed } }) { nodes { id total currency } } }`,
  )
  const last = Number(invoices.nodes[0].number.replace('INV-', ''))
  const create =
    'mutation ($i: InvoiceInput!) { createInvoice(input: { invoice: $i }) { invoice { number paid balance } } }'
  const [first, second] = orders.nodes
  const bill = ({ id, total, currency }: { id: string; total: string; currency: string }) => ({
    i: { orderId: id, amount: total, currency },
  })
  const { createInvoice } = await data('ada', create, bill(first))
  const next = (n: number) => `INV-${String(last + n).padStart(5, '0')}`
  expect(createInvoice.invoice).toEqual({ number: next(1), paid: '0.00', balance: first.total })
  // A bill that is refused takes no number with it.
  expect(await refusal('ada', create, bill(first))).toEqual([{ code: 'CONFLICT', fields: ['orderId'] }])
  expect((await data('ada', create, bill(second))).createInvoice.invoice.number).toBe(next(2))
})
