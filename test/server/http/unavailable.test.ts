import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
/** Asked of a payload so that the end of the change waits for the answer. */
const waiting = 'query { __typename }'
const rename = (name: string) =>
  `mutation { updateCustomer(input: { id: "${id}", patch: { name: "${name}" } }) { customer { name } ${waiting} } }`
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

test.each([
  [1, 200],
  [2, 200],
  [3, 503],
])('a read whose connections broke %i times in a row is answered with %i', async (times, expected) => {
  line().cutBefore('customer', times)
  const { status, errors } = await running.ask(`{ customer(id: "${id}") { name } }`)
  expect(line().isBroken).toBe(true)
  expect([status, errors.map(({ extensions }) => extensions)]).toEqual([expected, expected === 200 ? [] : [away]])
})

test('a change of the database breaks the plans of all connections, and no request', async () => {
  // Each connection of the pool has prepared it.
  for (let times = 0; times < 4; times++)
    await Promise.all(Array.from({ length: 8 }, () => running.ask('{ products(first: 2) { nodes { sku } } }')))
  await shop().database.asOwner((owner) => owner.query('alter table app.product alter column sku type varchar(300)'))
  for (let times = 0; times < 3; times++)
    expect((await running.ask('{ products(first: 2) { nodes { sku } } }')).errors).toEqual([])
})

test('a column that gets another type breaks what connections had prepared for new rows, and no request', async () => {
  let made = 0
  const create = () =>
    running.ask(
      `mutation { createOrder(input: { order: { number: "T-${made++}", serial: "5", customerId: "${id}" } }) { order { total } } }`,
    )
  for (let times = 0; times < 4; times++) expect((await create()).errors).toEqual([])
  const alter = (type: string) =>
    shop().database.asOwner((owner) => owner.query(`alter table app."order" alter column serial type ${type}`))
  await alter('jsonb using null')
  try {
    for (let times = 0; times < 4; times++) expect((await create()).errors).toEqual([])
  } finally {
    await alter('bigint using null')
  }
})

/** How many customers of a name there are; whoever made them. */
async function countOf(name: string): Promise<number> {
  const text = 'select count(*)::integer as count from app.customer where name = $1'
  const { rows } = await shop().database.asOwner((client) => client.query<{ count: number }>(text, [name]))
  return rows[0]!.count
}
const creates = (name: string, more = '') =>
  `mutation { createCustomer(input: { ${more} customer: { name: "${name}" } }) { customer { name } ${waiting} } }`
/** As it ends the text of a statement, which `read committed` does not. */
const order = 'commit\0'
const unknown = { code: 'UNAVAILABLE', outcome: 'unknown' }

describe('a change that is kept when its connection breaks', () => {
  test('behind the order to keep it is answered, and not done twice', async () => {
    line().cutBehind(order)
    const { data, errors } = await running.ask(creates('Behind'))
    expect([errors, data?.createCustomer.customer, line().isBroken]).toEqual([[], { name: 'Behind' }, true])
    expect(await countOf('Behind')).toBe(1)
  })

  test('before the order arrived is done again', async () => {
    line().cutBefore(order)
    const { data, errors } = await running.ask(creates('Before'))
    expect([errors, data?.createCustomer.customer, line().isBroken]).toEqual([[], { name: 'Before' }, true])
    expect(await countOf('Before')).toBe(1)
  })

  test('again and again is told that nothing is kept', async () => {
    line().cutBefore(order, 3)
    const { status, errors } = await running.ask(creates('Never'))
    expect([status, errors[0]?.extensions, line().isBroken]).toEqual([503, away, true])
    expect(await countOf('Never')).toBe(0)
  })

  test.each(['cutBehind', 'cutBefore'] as const)(
    'is done once, also where it is a batch and one with a key: %s',
    async (cut) => {
      const names = [`Keyed ${cut}`, `One ${cut}`, `Two ${cut}`]
      const text = `mutation {
      keyed: createCustomer(input: { idempotencyKey: "${cut}", customer: { name: "${names[0]}" } }) { customer { name } }
      all: createCustomers(input: { customers: [{ name: "${names[1]}" }, { name: "${names[2]}" }] }) { customers { name } }
    }`
      line()[cut](order)
      const { data, errors } = await running.ask(text)
      expect([errors, line().isBroken]).toEqual([[], true])
      expect([data.keyed.customer.name, ...data.all.customers.map(({ name }: { name: string }) => name)]).toEqual(names)
      expect(await Promise.all(names.map(countOf))).toEqual([1, 1, 1])
      // What the key keeps is the answer.
      const again = await running.ask(creates(names[0]!, `idempotencyKey: "${cut}"`))
      expect([again.errors, await countOf(names[0]!)]).toEqual([[], 1])
    },
  )

  test('while the database is away for a while is answered when it is back', async () => {
    line().cutAllBehind(order)
    const asked = running.ask(creates('Patient'))
    await expect.poll(() => line().isBroken).toBe(true)
    // Others are told at once.
    expect((await running.ask(reads)).status).toBe(503)
    line().mend()
    const { data, errors } = await asked
    expect([errors, data?.createCustomer.customer]).toEqual([[], { name: 'Patient' }])
    expect(await countOf('Patient')).toBe(1)
  })

  test('while the database stays away is nothing that anybody claims to know of', async () => {
    const impatient = await startShopServer(shop(), running.keys, {
      databaseUrl: line().through(shop().database.loginUrl),
      statementTimeoutMs: 500,
    })
    try {
      line().cutAllBehind(order)
      const { status, headers, errors } = await impatient.ask(creates('Doubted'))
      expect([status, headers.get('retry-after'), errors[0]?.extensions]).toEqual([503, '1', unknown])
    } finally {
      line().mend()
      await impatient.server.close()
    }
    expect(await countOf('Doubted')).toBe(1)
  })
})

test('a change that travels with its end, of which Postgres told nothing, nobody claims to know of', async () => {
  const alone = (name: string) => creates(name).replace(waiting, '')
  // On a connection that was heard of just now.
  expect((await running.ask(alone('Heard'))).errors).toEqual([])
  line().cutBefore(order)
  const { status, errors } = await running.ask(alone('Alone'))
  expect([status, errors[0]?.extensions, line().isBroken]).toEqual([503, unknown, true])
  expect(await countOf('Alone')).toBe(0)
})

describe('a change whose backend is ended while it is being kept', () => {
  const gate = 4711
  let admin: pg.Client

  beforeAll(async () => {
    const { database } = shop()
    admin = await database.connect(database.loginUrl)
    await database.asOwner(async (owner) => {
      await owner.query(`create function app.wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_catalog.pg_advisory_xact_lock(${gate}); return null; end $$`)
      await owner.query(`create constraint trigger wait_at_gate after insert on app.customer deferrable initially deferred
        for each row when (new.name like 'Gated%') execute function app.wait_at_gate()`)
    })
  })
  afterAll(() => admin?.end())

  /** Ends who waits at the gate. */
  async function endWhoWaits(): Promise<void> {
    const text = `select pg_terminate_backend(pid) as ended from pg_stat_activity
      where datname = current_database() and wait_event = 'advisory' and query = 'commit'`
    await expect.poll(async () => (await admin.query(text)).rows, { timeout: 10_000 }).toEqual([{ ended: true }])
  }

  test.each([
    ['what is read of it', 'customer { name }', { customer: { name: 'Gated, read' } }],
    // Nothing of that can fail: the order to keep it travels along.
    ['nothing else', 'clientMutationId', { clientMutationId: 'm' }],
  ])('is done again, once, where the answer has %s', async (_, selection, answer) => {
    const name = Object.hasOwn(answer, 'customer') ? 'Gated, read' : 'Gated, ahead'
    const text = `mutation { createCustomer(input: { clientMutationId: "m", customer: { name: "${name}" } }) { ${selection} } }`
    await admin.query('select pg_advisory_lock($1)', [gate])
    const asked = running.ask(text)
    await endWhoWaits()
    await endWhoWaits()
    await admin.query('select pg_advisory_unlock($1)', [gate])
    const { data, errors } = await asked
    expect([errors, data?.createCustomer]).toEqual([[], answer])
    expect(await countOf(name)).toBe(1)
  })

  test('is waited for where it still runs', async () => {
    await admin.query('select pg_advisory_lock($1)', [gate])
    line().cutBehind(order)
    const asked = running.ask(creates('Gated, alone'))
    await expect.poll(() => line().isBroken).toBe(true)
    const { rows } = await admin.query<{ now: string }>('select clock_timestamp()::text as now')
    const asking = `select count(*)::integer as asking from pg_stat_activity where datname = current_database()
      and query = 'rollback' and state_change > $1::timestamptz`
    await expect.poll(async () => (await admin.query(asking, [rows[0]!.now])).rows[0].asking).toBeGreaterThan(0)
    await admin.query('select pg_advisory_unlock($1)', [gate])
    const { data, errors } = await asked
    expect([errors, data?.createCustomer.customer]).toEqual([[], { name: 'Gated, alone' }])
    expect(await countOf('Gated, alone')).toBe(1)
  })
})
