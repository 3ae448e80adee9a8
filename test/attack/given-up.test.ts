import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { RequestPool } from '../../server/postgres/pool.ts'
import type { RequestTransaction } from '../../server/postgres/request-transaction.ts'
import type { RequestSettings } from '../../server/postgres/with-pg-client.ts'
import { acme, sam, useShop } from '../server/shop.ts'
import { delayCancels, type LateCancels } from '../support/late-cancels.ts'

// Who sends requests and hangs up must not be able to disturb anybody else.
const shop = useShop()
let late: LateCancels
let pool: RequestPool
let settings: RequestSettings

beforeAll(async () => {
  const { model, database } = shop()
  late = await delayCancels(database.loginUrl, 200)
  pool = new RequestPool({ connectionString: late.url, max: 1 })
  settings = {
    role: roleSetName(model.app, ['sales']),
    'rowhouse.tenant_id': acme,
    'rowhouse.actor_id': sam,
    'rowhouse.claim_region': 'eu',
    'rowhouse.claim_max_discount': '',
  }
})
afterAll(async () => {
  await pool.close()
  await late.close()
})

const ask = (transaction: RequestTransaction, text: string) =>
  transaction.withPgClient(settings, (client) => client.query({ text }))

/** Backend of the pool's only connection. */
async function backend(): Promise<unknown> {
  const { rows } = await pool.withPgClient(settings, (client) =>
    client.query({ text: 'select pg_backend_pid() as pid' }),
  )
  return rows[0]?.pid
}

/** Resolves when Postgres runs a statement. */
async function untilRuns(text: string): Promise<void> {
  // The login itself: nobody else needs to be shown what it runs.
  const watching = await shop().database.connect(shop().database.loginUrl)
  const running = `select from pg_stat_activity where datname = current_database() and state = 'active' and query = $1`
  while ((await watching.query(running, [text])).rowCount === 0) await sleep(5)
  await watching.end()
}

test.each([1, 2])('a cancel that comes late does not hit who is served next (%i statements)', async (statements) => {
  const before = late.count
  const gone = new AbortController()
  const transaction = pool.begin(settings, { access: 'read', signal: gone.signal })
  transaction.expect(statements)
  const text = `select pg_sleep(0.15), ${statements}`
  const asked = ask(transaction, text)
  await untilRuns(text)
  gone.abort()
  await asked
  await transaction.end({ isKept: true })
  const { rows } = await pool.withPgClient(settings, (client) =>
    client.query({ text: "select pg_sleep(0.4), 'mine' as answer" }),
  )
  expect(rows).toMatchObject([{ answer: 'mine' }])
  expect(late.count).toBe(before + 1)
})

test('of several statements under way none goes on, and the connection serves the next', async () => {
  const pid = await backend()
  const gone = new AbortController()
  const transaction = pool.begin(settings, { access: 'read', signal: gone.signal })
  transaction.expect(4)
  const texts = [1, 2, 3].map((n) => `select pg_sleep(8), ${n}`)
  const asked = texts.map((text) => ask(transaction, text))
  const answers = Promise.allSettled(asked)
  await untilRuns(texts[0]!)
  gone.abort()
  for (const answer of await answers) expect(answer).toMatchObject({ reason: { code: '57014' } })
  await transaction.end({ isKept: true })
  expect(await backend()).toBe(pid)
})

test('who hung up while it waited for a connection asks nothing', async () => {
  const busy = pool.begin(settings, { access: 'read' })
  await ask(busy, 'select 1')
  const gone = new AbortController()
  const waiting = pool.begin(settings, { access: 'write', signal: gone.signal })
  const asked = ask(waiting, "update app.customer set name = 'Changed'")
  gone.abort()
  await busy.end({ isKept: true })
  await expect(asked).rejects.toThrow('given up')
  await waiting.end({ isKept: false })
  expect(await backend()).toBeDefined()
})

test('roles that are not set up cost no connection', async () => {
  const pid = await backend()
  const unknown = { ...settings, role: 'nobody_made_this_role' }
  for (const access of ['read', 'write'] as const) {
    const transaction = pool.begin(unknown, { access })
    const asked = transaction.withPgClient(unknown, (client) => client.query({ text: 'select 1' }))
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await transaction.end({ isKept: false })
  }
  expect(await backend()).toBe(pid)
})
