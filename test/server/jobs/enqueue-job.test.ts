import { afterEach, describe, expect, test } from 'vitest'
import { enqueueJob, type NewJob } from '../../../server/jobs/enqueue-job.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestClient, RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { useDatabase } from '../../support/database.ts'
import { countRoundTrips } from '../../support/round-trips.ts'
import { askAsLogin } from './as-login.ts'

const database = useDatabase({ roles: ['sales'] })
const acme = '00000000-0000-7000-8000-00000000000a'
const globex = '00000000-0000-7000-8000-00000000000b'
const sam = '00000000-0000-7000-8000-0000000000a1'
const open: RequestPool[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()))
  await database().asRole(database().names.queueKeeper, (client) => client.query('delete from rowhouse_queue.job'))
})

function makePool(options: object = {}): RequestPool {
  const pool = new RequestPool({ connectionString: database().loginUrl, max: 2, ...options })
  open.push(pool)
  return pool
}

async function asSales(more: Record<string, string> = {}): Promise<RequestSettings> {
  const [role] = await database().ensureRoleSets([['sales']])
  return { role: role!, 'rowhouse.tenant_id': acme, 'rowhouse.actor_id': sam, 'rowhouse.claim_region': 'eu', ...more }
}

async function added(): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await database().asRole(database().names.queueKeeper, (client) =>
    client.query(`select id, task, tenant_id, actor_id, as_role, claims, input, key, priority, state, max_attempts
      from rowhouse_queue.job order by id`),
  )
  return rows
}

async function enqueue(settings: RequestSettings, ...jobs: NewJob[]): Promise<readonly string[]> {
  return makePool().withPgClient(settings, async (client) => {
    const ids: string[] = []
    for (const job of jobs) ids.push(await enqueueJob(client, job))
    return ids
  })
}

describe('a job', () => {
  test('is added in the name of its transaction, which goes on as who it was', async () => {
    const sales = await asSales({ 'rowhouse.claim_level': '' })
    const [id, who] = await makePool().withPgClient(sales, async (client) => {
      const id = await enqueueJob(client, { task: 'send-mail', input: { to: 'é' }, priority: 3, attempts: 2 })
      const { rows } = await client.query<{ who: string }>({ text: 'select current_user::text as who' })
      return [id, rows[0]!.who]
    })
    expect(who).toBe(sales.role)
    expect(await added()).toEqual([
      {
        ...{ id, task: 'send-mail', tenant_id: acme, actor_id: sam, as_role: sales.role, claims: { region: 'eu' } },
        ...{ input: { to: 'é' }, key: null, priority: 3, state: 'ready', max_attempts: 2 },
      },
    ])
  })

  test('is never added by a transaction that is rolled back, nor by a savepoint that is', async () => {
    const sales = await asSales()
    const pool = makePool()
    const failing = pool.withPgClient(sales, async (client) => {
      await enqueueJob(client, { task: 'a', input: {} })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await pool.withPgClient(sales, async (client) => {
      const inner = client.withTransaction(async (nested) => {
        await enqueueJob(nested, { task: 'b', input: {} })
        throw new Error('no')
      })
      await expect(inner).rejects.toThrow('no')
      await enqueueJob(client, { task: 'c', input: {} })
    })
    expect((await added()).map(({ task }) => task)).toEqual(['c'])
  })

  test('takes one round trip, which the transaction begins with', async () => {
    const trips = await countRoundTrips(database().loginUrl)
    try {
      const pool = makePool({ connectionString: trips.url, max: 1 })
      const sales = await asSales()
      await pool.withPgClient(sales, (client) => client.query({ text: 'select 1' }))
      trips.count()
      const transaction = pool.begin(sales, { access: 'write' })
      await transaction.withPgClient(sales, (client) => enqueueJob(client, { task: 'a', input: {} }))
      expect(trips.count()).toBe(1)
      await transaction.end({ isKept: true })
    } finally {
      await Promise.all(open.splice(0).map((pool) => pool.close()))
      await trips.close()
    }
  })

  test('is added behind a pooler of transactions as well', async () => {
    const sales = await asSales()
    await makePool({ isSessionKept: false }).withPgClient(sales, (client) =>
      enqueueJob(client, { task: 'a', input: 1 }),
    )
    expect(await added()).toMatchObject([{ task: 'a', input: 1, as_role: sales.role }])
  })

  test('with a key is added once while it waits, with the newest input, for each tenant and task', async () => {
    const sales = await asSales()
    const later = new Date(Date.now() + 3_600_000)
    const [first, second] = await enqueue(
      sales,
      { task: 'a', input: 1, key: 'k', runAt: later },
      { task: 'a', input: 2, key: 'k' },
    )
    expect(second).toBe(first)
    await enqueue(sales, { task: 'b', input: 3, key: 'k' })
    const globexs = await asSales({ 'rowhouse.tenant_id': globex })
    await enqueue(globexs, { task: 'a', input: 4, key: 'k', runAt: later })
    expect((await added()).map(({ task, input, state, tenant_id }) => [task, input, state, tenant_id])).toEqual([
      ['a', 2, 'ready', acme],
      ['b', 3, 'ready', acme],
      ['a', 4, 'waiting', globex],
    ])
  })
})

describe('direct SQL', () => {
  const add = "select rowhouse_queue.add_job('a', '{}'::jsonb)"
  test.each([
    ['adds no job', add],
    [
      'adds no job on the way back',
      "select rowhouse_queue.add_and_return('a', '{}', '{}', null, null, 0::smallint, 1::smallint)",
    ],
    ['reads no jobs', 'select * from rowhouse_queue.job'],
    ['reads no failed jobs', 'select * from rowhouse_queue.failed_job'],
    [
      'writes no job',
      "insert into rowhouse_queue.job (task, claims, input, priority, state, run_at, max_attempts) values ('a', '{}', '{}', 0, 'ready', now(), 1)",
    ],
    ['removes no job', 'delete from rowhouse_queue.job'],
  ])('of a request %s', async (_, text) => {
    for (const roles of [['sales'], null]) {
      const asked = database().asActor({ roles, tenant: acme, actor: sam }, (client) => client.query(text))
      await expect(asked).rejects.toMatchObject({ code: '42501' })
    }
  })

  test.each(['queue', 'jobs'] as const)('of the role "%s" reads and writes no table', async (name) => {
    const role = database().names[name]
    for (const text of [
      'select * from rowhouse_queue.job',
      'delete from rowhouse_queue.job',
      'select * from rowhouse.tenant',
    ])
      await expect(askAsLogin(database(), { role, text })).rejects.toMatchObject({ code: '42501' })
  })

  test('of a role of runners adds no job', async () => {
    const asked = askAsLogin(database(), { role: database().names.jobs, text: add })
    await expect(asked).rejects.toMatchObject({ code: '42501' })
  })
})

test('a transaction that may not add jobs as somebody else says whose they are', async () => {
  const sales = await asSales()
  const asVisitor = { role: database().names.anonymous, 'rowhouse.tenant_id': '', 'rowhouse.actor_id': '' }
  const add = (client: RequestClient) => enqueueJob(client, { task: 'a', input: {}, key: 'same' })
  const pool = makePool()
  await pool.withPgClient(sales, add)
  await pool.withPgClient(asVisitor, add)
  expect((await added()).map(({ tenant_id, actor_id, as_role }) => [tenant_id, actor_id, as_role])).toEqual([
    [acme, sam, sales.role],
    [null, null, asVisitor.role],
  ])
})
