import { beforeAll, expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { acme, ann, globex, useWrittenServer } from './written-server.ts'

const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Rate = entity('Rate', { fields: { percent: int(), secret: boolean({ default: false }) } })
export const Product = entity('Product', {
  fields: { price: money({ in: 'currency' }), currency: choice(['EUR', 'USD']), hidden: boolean({ default: false }), label: string({ optional: true }) },
  relations: { rate: one('Rate') },
})
export const Order = entity('Order', { fields: { currency: choice(['EUR', 'USD'], { default: 'EUR' }) } })
export const OrderLine = entity('OrderLine', {
  fields: {
    unitPrice: money({ in: 'order.currency', from: 'product.price' }), percent: int({ optional: true, from: 'product.rate.percent' }),
    label: string({ optional: true, from: 'product.label' }), amount: int({ default: 1 }),
  },
  relations: { order: one('Order'), product: one('Product') },
})`,
    'policies/all.ts': `import { Order, OrderLine, Product, Rate } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'All.', buyer: 'Buys.' })
export const R = policy(Rate, { 'all': { allow: 'admin', to: anything }, 'open': { allow: 'buyer', to: 'read', where: { secret: false } } })
export const P = policy(Product, { 'all': { allow: 'admin', to: anything }, 'shown': { allow: 'buyer', to: 'read', where: { hidden: false } } })
export const O = policy(Order, { 'all': { allow: ['admin', 'buyer'], to: anything } })
export const L = policy(OrderLine, {
  'all': { allow: 'admin', to: anything }, 'seen': { allow: 'buyer', to: 'read' },
  'bought at the price': { allow: 'buyer', to: 'create', only: ['order', 'product', 'amount'] },
  'dollar prices are free': { allow: 'buyer', to: 'create', where: { order: { currency: 'USD' } }, only: ['order', 'product', 'unitPrice'] },
  'dollars over ten': { allow: 'buyer', to: 'delete', where: { unitPrice: { over: usd('10') } } },
})`,
  },
  ['admin', 'buyer'],
)

const id = (n: number) => `00000000-0000-7000-8000-000000000${n}`
const [rate, secret, product, dollar, hidden, secretly, euros, dollars, theirs] = [
  101, 102, 201, 202, 203, 204, 301, 302, 401,
].map(id)

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`
      insert into app.rate (tenant_id, id, percent, secret) values ('${acme}', '${rate}', 7, false), ('${acme}', '${secret}', 19, true), ('${globex}', '${rate}', 1, false);
      insert into app.product (tenant_id, id, price, currency, hidden, label, rate_id) values
        ('${acme}', '${product}', 12.50, 'EUR', false, 'Chair', '${rate}'), ('${acme}', '${dollar}', 20, 'USD', false, null, '${rate}'),
        ('${acme}', '${hidden}', 99, 'EUR', true, 'Throne', '${rate}'), ('${acme}', '${secretly}', 3, 'EUR', false, 'Box', '${secret}'),
        ('${globex}', '${theirs}', 77, 'EUR', false, 'Theirs', '${rate}');
      insert into app."order" (tenant_id, id, currency) values ('${acme}', '${euros}', 'EUR'), ('${acme}', '${dollars}', 'USD');`),
  )
})

const create = `mutation ($orderLine: OrderLineInput!) { createOrderLine(input: { orderLine: $orderLine }) {
  id orderLine { unitPrice percent label amount }
} }`
const buyer = { roles: ['buyer'], sub: ann }
async function make(orderLine: object, subject: object = {}) {
  const { data, errors } = await app().ask(create, { orderLine }, subject)
  return errors.length === 0 ? data.createOrderLine.orderLine : errors[0]!.extensions
}

test('values are copied where none is given', async () => {
  const line = { orderId: euros, productId: product }
  const copied = { unitPrice: '12.50', percent: 7, label: 'Chair', amount: 1 }
  expect(await make(line)).toEqual(copied)
  expect(await make(line, buyer)).toEqual(copied)
  expect(await make({ ...line, unitPrice: '9', label: 'Mine' })).toEqual({
    ...copied,
    unitPrice: '9.00',
    label: 'Mine',
  })
  expect(await make({ orderId: dollars, productId: dollar })).toMatchObject({ unitPrice: '20.00', label: null })
})

test('a copy stays what it was', async () => {
  const { data } = await app().ask(create, { orderLine: { orderId: euros, productId: product } })
  const update = `mutation { updateProduct(input: { id: "${product}", patch: { price: "13" } }) { id } }`
  expect((await app().ask(update)).errors).toEqual([])
  const read = await app().ask(`{ orderLine(id: "${data.createOrderLine.id}") { unitPrice } }`)
  expect(read.data.orderLine.unitPrice).toBe('12.50')
  await app().ask(update.replace('"13"', '"12.5"'))
})

test('an amount in another currency is not copied', async () => {
  expect(await make({ orderId: dollars, productId: product })).toEqual({ code: 'VALIDATION', fields: ['unitPrice'] })
  expect(await make({ orderId: dollars, productId: product, unitPrice: '14' })).toMatchObject({ unitPrice: '14.00' })
})

test('whoever may not write the price cannot choose it', async () => {
  for (const given of [{ unitPrice: '0.01' }, { label: 'Mine' }, { percent: 0 }])
    expect(await make({ orderId: euros, productId: product, ...given }, buyer)).toMatchObject({ code: 'FORBIDDEN' })
})

test('a second rule about the price does not free it where the first one holds', async () => {
  expect(await make({ orderId: dollars, productId: product, unitPrice: '0.01' }, buyer)).toMatchObject({
    unitPrice: '0.01',
  })
  expect(await make({ orderId: euros, productId: product, unitPrice: '0.01' }, buyer)).toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(await make({ orderId: dollars, productId: product, unitPrice: '0.01', amount: 2 }, buyer)).toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(await make({ orderId: dollars, productId: dollar, amount: 2 }, buyer)).toMatchObject({
    unitPrice: '20.00',
    amount: 2,
  })
})

test('nothing is copied from rows that the caller may not read', async () => {
  expect(await make({ orderId: euros, productId: hidden }, buyer)).toEqual({ code: 'NOT_FOUND', fields: ['productId'] })
  expect(await make({ orderId: euros, productId: theirs }, buyer)).toEqual({ code: 'NOT_FOUND', fields: ['productId'] })
  // The product may be read, its rate may not.
  expect(await make({ orderId: euros, productId: secretly }, buyer)).toMatchObject({ unitPrice: '3.00', percent: null })
  expect(await make({ orderId: euros, productId: secretly })).toMatchObject({ percent: 19 })
})

test('an amount in a policy has the currency of the order', async () => {
  const made = async (line: object) => (await app().ask(create, { orderLine: line })).data.createOrderLine.id
  const remove = 'mutation ($id: UUID!) { deleteOrderLine(input: { id: $id }) { id } }'
  const inEuros = await made({ orderId: euros, productId: product })
  expect((await app().ask(remove, { id: inEuros }, buyer)).errors[0]!.extensions.code).toBe('FORBIDDEN')
  const inDollars = await made({ orderId: dollars, productId: dollar })
  expect((await app().ask(remove, { id: inDollars }, buyer)).errors).toEqual([])
})

const of = (field: string): string => `export const B = entity('B', {
  fields: { n: int(), o: int({ optional: true }), s: string(), c: choice(['x', 'y']), usd: money({ currency: 'USD' }) }, relations: { b: one('B', { optional: true }) } })
export const A = entity('A', { fields: { f: ${field} }, relations: { b: one('B'), maybe: one('B', { optional: true }) } })`
const wrong = (text: string, field: string): Mistake => [field, [['FIELD_FROM_INVALID', text]], of(field)]

testMistakes('copies', entitiesOnly, [
  wrong("'b.nn'", "int({ from: 'b.nn' })"),
  wrong("'bb.n'", "int({ from: 'bb.n' })"),
  wrong("'b.o'", "int({ from: 'b.o' })"),
  wrong("'maybe.n'", "int({ from: 'maybe.n' })"),
  wrong("'b.b.n'", "int({ from: 'b.b.n' })"),
  wrong("'b.s'", "int({ from: 'b.s' })"),
  wrong("'b.n'", "int({ from: 'b.n', default: 1 })"),
  wrong("'b.c'", "choice(['x'], { from: 'b.c' })"),
  wrong("'b.usd'", "money({ currency: 'EUR', from: 'b.usd' })"),
  ['a currency that is none', [['FIELD_MONEY_INVALID', "'b.n'"]], of("money({ in: 'b.n' })")],
  ['a way to a currency that is none', [['FIELD_MONEY_INVALID', "'b.k.c'"]], of("money({ in: 'b.k.c' })")],
])
