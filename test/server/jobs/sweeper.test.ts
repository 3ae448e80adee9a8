import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sweepEvents } from '#migrations'
import { Sweeper, type SweeperOptions } from '../../../server/jobs/sweeper.ts'
import { useDatabase } from '../../support/database.ts'
import { askAsLogin } from './as-login.ts'

const database = useDatabase()
const acme = '00000000-0000-7000-8000-00000000000a'
const globex = '00000000-0000-7000-8000-00000000000b'
const keep = { failedJobsDays: 90, scriptRunsDays: 7, eventsDays: 90 }
/** More than one page of tenants. */
const manyTenants = 450

const owner = async (text: string, values: readonly unknown[] = []) =>
  (await database().asOwner((client) => client.query(text, [...values]))).rows
const keeper = async (text: string, values: readonly unknown[] = []) => {
  const { names, asRole } = database()
  return (await asRole(names.queueKeeper, (client) => client.query(text, [...values]))).rows
}

const event = (tenant: string | null, days: number) =>
  owner(
    `insert into rowhouse.event (tenant_id, entity, type, key, at, data)
     values ($1, 'Order', 'created', 'k', now() - $2 * interval '1 day', '{}')`,
    [tenant, days],
  )
const run = (tenant: string, days: number) =>
  owner(
    `insert into rowhouse.script_run (tenant_id, name, checksum, ended, ms, ran_at, record)
     values ($1, 'scripts/a', repeat('0', 64), 'output', 1, now() - $2 * interval '1 day', '{}')`,
    [tenant, days],
  )
const failed = (tenant: string | null, days: number) =>
  keeper(
    `insert into rowhouse_queue.failed_job
       (id, task, tenant_id, claims, input, priority, attempts, max_attempts, error, created_at, failed_at)
     values (gen_random_uuid(), 'workers/a', $1, '{}', '{}', 0, 1, 1, 'no', now(), now() - $2 * interval '1 day')`,
    [tenant, days],
  )
/** Days of age of what is left. */
const ages = async (table: string, column: string, by = owner) =>
  (
    await by(
      `select extract(day from now() - ${column})::int as days from ${table} order by days, tenant_id nulls first`,
    )
  ).map(({ days }) => days)

const errors: unknown[] = []
const sweeperOf = (options: Partial<SweeperOptions> = {}) => {
  const { loginUrl, names } = database()
  const onError = (error: unknown) => void errors.push(error)
  return new Sweeper({ connectionString: loginUrl, role: names.jobs, keep, onError, most: 3, ...options })
}

beforeAll(() =>
  owner("insert into rowhouse.tenant (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')", [
    acme,
    globex,
  ]),
)
beforeEach(async () => {
  errors.length = 0
  for (const table of ['event', 'script_run']) await owner(`delete from rowhouse.${table}`)
  await keeper('delete from rowhouse_queue.failed_job')
  await owner('delete from rowhouse.tenant where id not in ($1, $2)', [acme, globex])
})

describe('what is kept no longer', () => {
  test('goes from every tenant, few rows at a time; the rest stays', async () => {
    for (const tenant of [acme, globex, null])
      for (const days of [200, 150, 120, 91, 91, 89, 0]) {
        await event(tenant, days)
        await failed(tenant, days)
      }
    for (const tenant of [acme, globex]) for (const days of [30, 9, 8, 8, 8, 6]) await run(tenant, days)
    expect(await sweeperOf().sweep()).toEqual({ failedJobs: 15, scriptRuns: 10, events: 15 })
    expect(await ages('rowhouse.event', 'at')).toEqual([0, 0, 0, 89, 89, 89])
    expect(await ages('rowhouse_queue.failed_job', 'failed_at', keeper)).toEqual([0, 0, 0, 89, 89, 89])
    expect(await ages('rowhouse.script_run', 'ran_at')).toEqual([6, 6])
    expect(await sweeperOf().sweep()).toEqual({ failedJobs: 0, scriptRuns: 0, events: 0 })
  })

  test('goes from more tenants than one transaction looks at', async () => {
    await owner(
      `insert into rowhouse.tenant (slug, name) select 'many-' || n, 'Many' from generate_series(1, ${manyTenants}) n`,
    )
    await owner(
      `insert into rowhouse.event (tenant_id, entity, type, key, at, data)
       select id, 'Order', 'created', 'k', now() - interval '100 days', '{}' from rowhouse.tenant where slug like 'many-%'`,
    )
    expect(await sweeperOf({ most: 500 }).sweep()).toMatchObject({ events: manyTenants })
  })

  test('stays where the app keeps it for ever', async () => {
    await event(acme, 5000)
    await failed(acme, 5000)
    await run(acme, 5000)
    const nothing = { failedJobsDays: null, scriptRunsDays: null, eventsDays: null }
    expect(await sweeperOf({ keep: nothing }).sweep()).toEqual({ failedJobs: 0, scriptRuns: 0, events: 0 })
    expect(await sweeperOf({ keep: { ...nothing, eventsDays: 4999 } }).sweep()).toMatchObject({ events: 1 })
  })

  test('goes by itself while a server runs', async () => {
    await event(acme, 100)
    const sweeper = sweeperOf({ everyMs: 20 })
    sweeper.start()
    await expect.poll(() => ages('rowhouse.event', 'at'), { timeout: 60_000 }).toEqual([])
    await event(globex, 100)
    await expect.poll(() => ages('rowhouse.event', 'at'), { timeout: 60_000 }).toEqual([])
    await sweeper.close()
    await event(globex, 100)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await ages('rowhouse.event', 'at')).toEqual([100])
    expect(errors).toEqual([])
  })
})

describe('several at once', () => {
  test('delete each row once, and none waits for the other', async () => {
    for (let n = 0; n < 20; n++) await Promise.all([event(acme, 100), event(globex, 100), failed(acme, 100)])
    const both = await Promise.all([sweeperOf().sweep(), sweeperOf().sweep()])
    const left = await sweeperOf().sweep()
    const sum = (name: 'events' | 'failedJobs') => [...both, left].reduce((all, each) => all + each[name], 0)
    expect([sum('events'), sum('failedJobs')]).toEqual([40, 20])
    expect(await ages('rowhouse.event', 'at')).toEqual([])
  })

  test('leave what another one is at', async () => {
    await event(acme, 100)
    const { names, asRole } = database()
    await asRole(
      names.private,
      async (client) => {
        await client.query("select rowhouse_private.sweep_events(now() - interval '1000 days', 10)")
        expect(await sweeperOf().sweep()).toMatchObject({ events: 0 })
      },
      { 'rowhouse.tenant_id': acme },
    )
    expect(await sweeperOf().sweep()).toMatchObject({ events: 1 })
  })

  test('a failed job that somebody edits at this moment stays', async () => {
    for (const days of [300, 200, 100]) await failed(acme, days)
    const { names, asRole } = database()
    await asRole(names.queueKeeper, async (client) => {
      await client.query(
        "select 1 from rowhouse_queue.failed_job where failed_at < now() - interval '250 days' for update",
      )
      expect(await sweeperOf({ most: 10 }).sweep()).toMatchObject({ failedJobs: 2 })
    })
    expect(await ages('rowhouse_queue.failed_job', 'failed_at', keeper)).toEqual([300])
  })

  test('rows are found by an index', async () => {
    await owner(`insert into rowhouse.event (tenant_id, entity, type, key, at, data)
      select null, 'Order', 'created', 'k', now() - n * interval '1 minute', '{}' from generate_series(1, 5000) n`)
    await owner('analyze rowhouse.event')
    const { names, asRole } = database()
    const [{ settings }] = (await owner(
      "select proconfig as settings from pg_proc where proname = 'sweep_events'",
    )) as unknown as [{ settings: readonly string[] }]
    const planOf = async (role: string, text: string) =>
      await asRole(role, async (client) => {
        for (const setting of settings.filter((each) => each.startsWith('enable_')))
          await client.query(`set local ${setting}`)
        const { rows } = await client.query(`explain ${text}`)
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
    const wanted = [
      ['event_age', names.private, 'rowhouse.event', `tenant_id = '${acme}' and at`, 'at'],
      ['event_age', names.private, 'rowhouse.event', 'tenant_id is null and at', 'tenant_id, at'],
      ['script_run_age', names.private, 'rowhouse.script_run', `tenant_id = '${acme}' and ran_at`, 'ran_at'],
      ['failed_job_age', names.queueKeeper, 'rowhouse_queue.failed_job', 'failed_at', 'failed_at'],
    ] as const
    for (const [index, role, table, test, order] of wanted) {
      const plan = await planOf(role, `select id from ${table} where ${test} < now() order by ${order} limit 10`)
      expect(plan).toContain(index)
      expect(plan).not.toContain('Sort')
    }
  })
})

describe('nobody else', () => {
  const asJobs = (text: string) => askAsLogin(database(), { role: database().names.jobs, text })

  const never = ["interval '-1 day'", "interval '-1200 months +36002 days'", 'null']
  test.each(never)('who runs jobs deletes nothing that is younger than a day, and keeps %s', async (none) => {
    await failed(acme, 0.5)
    await event(acme, 0.5)
    await run(acme, 0.5)
    expect(await asJobs(`select rowhouse_queue.sweep_failed_jobs(${none}, 10) as gone`)).toEqual([{ gone: 0 }])
    for (const what of ['events', 'script runs']) {
      const call = `rowhouse_private.sweep_tenants('${what}', ${none}, null, 10)`
      expect(await asJobs(`select ${call} -> 'gone' as gone`)).toEqual([{ gone: 0 }])
    }
  })

  test('deletes anything, nor who runs jobs by another way', async () => {
    const { names, migrator } = database()
    const calls = [
      "rowhouse_queue.sweep_failed_jobs(interval '9 days', 10)",
      "rowhouse_private.sweep_tenants('events', interval '9 days', null, 10)",
      'rowhouse_private.sweep_events(now(), 10)',
      'rowhouse_private.sweep_script_runs(now(), 10)',
    ]
    // Not that the role could not be taken.
    const refused = { code: '42501', message: expect.stringContaining('permission denied for') }
    for (const call of calls) {
      const asked = askAsLogin(database(), { role: names.queue, text: `select ${call}` })
      await expect(asked).rejects.toMatchObject(refused)
    }
    const { rows } = await migrator.query(
      `select p.proname from pg_proc p, unnest($1::name[]) role where p.proname like 'sweep%' and has_function_privilege(role, p.oid, 'execute')`,
      [[names.member, names.anonymous]],
    )
    expect(rows).toEqual([])
    for (const call of calls.slice(2)) await expect(asJobs(`select ${call}`)).rejects.toMatchObject(refused)
    for (const table of ['rowhouse.event', 'rowhouse.script_run', 'rowhouse_queue.failed_job', 'rowhouse.tenant'])
      await expect(asJobs(`delete from ${table}`)).rejects.toMatchObject(refused)
  })
})

test('the command line deletes more than one transaction does, of the tenant that it names', async () => {
  await owner(
    `insert into rowhouse.event (tenant_id, entity, type, key, at, data)
     select $1, 'Order', 'created', 'k', now() - interval '2 days', '{}' from generate_series(1, 2345)`,
    [acme],
  )
  await event(globex, 2)
  const { migrator, names } = database()
  expect(await sweepEvents(migrator, { names, tenant: 'acme', before: new Date() })).toBe(2345)
  expect(await ages('rowhouse.event', 'at')).toEqual([2])
})
