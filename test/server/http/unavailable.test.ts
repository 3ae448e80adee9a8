import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDevKeys } from '#server'
import { useBreakableLine } from '../../support/breakable-line.ts'
import { type ShopServer, startShopServer } from '../client.ts'
import { shopId, useShop } from '../shop.ts'

const shop = useShop()
const line = useBreakableLine()
let running: ShopServer
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  const databaseUrl = line().through(shop().database.loginUrl)
  running = await startShopServer(shop(), await loadDevKeys(folder), { databaseUrl })
})
afterAll(async () => {
  await running?.server.close()
  await rm(folder, { recursive: true })
})

const reads = '{ orders(first: 1) { nodes { id } } }'
const id = shopId('customer', 'a', 1)
const rename = (name: string) =>
  `mutation { updateCustomer(input: { id: "${id}", patch: { name: "${name}" } }) { customer { name } } }`
const nameNow = async () => (await running.ask(`{ customer(id: "${id}") { name } }`)).data.customer.name
const away = { code: 'UNAVAILABLE', retry: true }

test.each([
  ['a query', reads],
  ['a change', rename('Nobody')],
])('while the database is away, %s is answered with 503, without a word of where it is', async (_, text) => {
  const before = await nameNow()
  line().cut()
  const first = await running.ask(text)
  // Nobody's connection is left by now.
  const second = await running.ask(text)
  line().mend()
  for (const { status, headers, errors, text: body } of [first, second]) {
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('1')
    expect(errors.map(({ extensions }) => extensions)).toEqual([away])
    expect(body).not.toMatch(/127\.0\.0\.1|ECONN|login|terminated/)
  }
  expect(running.log.map(({ kind }) => kind)).not.toContain('internal-error')
  expect(running.log.map(({ kind }) => kind)).toContain('connection-lost')
  // Mended, the same server answers.
  expect(await nameNow()).toBe(before)
})

test('a role set that nobody asked about yet is unavailable too, and not refused for ever', async () => {
  const token = await running.token({ roles: ['accountManager'] })
  line().cut()
  const { status, errors } = await running.ask(reads, null, token)
  line().mend()
  expect([status, errors[0]?.extensions]).toEqual([503, away])
  expect((await running.ask(reads, null, token)).errors).toEqual([])
})

test('a connection that broke before anything was kept is made good by another', async () => {
  line().cutBehind('rowhouse.update_row')
  const { data, errors } = await running.ask(rename('Twice tried'))
  expect(errors).toEqual([])
  expect(data.updateCustomer.customer.name).toBe('Twice tried')
})

test('where a change was being kept when the line broke, nobody claims to know, and it is not done twice', async () => {
  const creates = `mutation { createCustomer(input: { customer: { name: "Once" } }) { customer { id } } }`
  line().cutBehind('commit')
  const { status, errors } = await running.ask(creates)
  expect([status, errors[0]?.extensions]).toEqual([503, { code: 'UNAVAILABLE', outcome: 'unknown' }])
  const { data } = await running.ask('{ customers(filter: { name: { equalTo: "Once" } }) { totalCount } }')
  expect(data.customers.totalCount).toBe(1)
})
