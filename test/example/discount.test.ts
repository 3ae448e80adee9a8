import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useAppServer } from '../support/app-server.ts'
import { exampleFolder } from '../support/example-server.ts'
import { acme, globex, people, smallCompany } from './small-company.ts'

const app = useAppServer(exampleFolder, smallCompany)
const ask = (tenant: string, text: string, variables = {}) =>
  app().ask({ sub: people.ada, tenant, roles: ['admin'] }, text, variables)

const tenth = readFileSync(`${exampleFolder}/published/discount.ts`, 'utf8')

/** The discount of a new line in a company of its own; orders are numbered by whoever asks. */
async function discountOf(tenant: string, quantity: number, discount?: string): Promise<string> {
  const number = `N-${++made}`
  const line = { quantity, ...(discount === undefined ? {} : { discount }) }
  const text = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { order { lines { nodes { discount } } } } }`
  const product = { create: { sku: `AA-${1000 + made}`, name: 'Bolt', price: '1' } }
  const organization = { create: { name: number, slug: number.toLowerCase() } }
  const customer = { create: { number, name: number, region: 'eu', organization } }
  const order = { number, customer, lines: { create: [{ ...line, product }] } }
  const { data, errors } = await ask(tenant, text, { order })
  expect(errors).toEqual([])
  return data.createOrder.order.lines.nodes[0].discount
}
let made = 0

test('a tenant gives discounts of its own, and the other keeps those of the app', async () => {
  for (const tenant of [acme, globex]) {
    expect(await discountOf(tenant, 99)).toBe('0.000')
    expect(await discountOf(tenant, 100)).toBe('0.050')
    expect(await discountOf(tenant, 100, '0.2')).toBe('0.200')
  }
  const publish =
    'mutation ($source: String!) { publishScript(input: { name: "scripts/discount", source: $source }) { tenantScript { version isActive } } }'
  const { data } = await ask(acme, publish, { source: tenth })
  expect(data.publishScript.tenantScript).toEqual({ version: 1, isActive: true })
  expect(await discountOf(acme, 1)).toBe('0.100')
  expect(await discountOf(acme, 100, '0.2')).toBe('0.200')
  expect(await discountOf(globex, 1)).toBe('0.000')
  expect(await discountOf(globex, 100)).toBe('0.050')

  const withdraw = 'mutation { withdrawScript(input: { name: "scripts/discount" }) { tenantScript { version } } }'
  expect((await ask(acme, withdraw)).errors).toEqual([])
  expect(await discountOf(acme, 1)).toBe('0.000')
})
