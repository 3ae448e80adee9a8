import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type JobEvent, JobRunner, type JobRunnerOptions, type Task } from '../../../server/jobs/job-runner.ts'
import { useDatabase } from '../../support/database.ts'
import { askAsLogin } from './as-login.ts'

const database = useDatabase()
const tenants = ['a', 'b', 'c'].map((letter) => `00000000-0000-7000-8000-00000000000${letter}`)
const [acme, globex, initech] = tenants as [string, string, string]
const open: JobRunner[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.stop(0)))
  for (const table of ['job', 'failed_job', 'runner', 'tick']) await asKeeper(`delete from rowhouse_queue.${table}`)
})

const usual: Task = {
  ...{
    name: 'work',
    attempts: 6,
    backoffSeconds: 0,
    timeoutSeconds: 60,
    perTenant: null,
    cron: null,
    isForTenants: false,
  },
}

type Work = JobRunnerOptions['work']

async function start(work: Work, more: Partial<JobRunnerOptions> = {}): Promise<JobRunner> {
  const { loginUrl, names } = database()
  const options = { connectionString: loginUrl, role: names.jobs, tasks: [usual], pollMs: 100, graceMs: 50, ...more }
  const runner = new JobRunner({ ...options, work })
  open.push(runner)
  await runner.start()
  return runner
}

async function asKeeper(text: string, values: readonly unknown[] = []) {
  const { rows } = await database().asRole(database().names.queueKeeper, (client) => client.query(text, [...values]))
  return rows
}

interface Adding {
  readonly tenant?: string
  readonly count?: number
  readonly task?: string
  readonly attempts?: number
  readonly inMs?: number
  readonly key?: string
}

async function add({ tenant = acme, count = 1, task = 'work', attempts = 6, inMs = 0, key }: Adding = {}) {
  const text = `select rowhouse_queue.add_job($1, to_jsonb(n), '{}', $2, case when $3 > 0 then now() + $3 * interval '1 millisecond' end, 0::smallint, $4::smallint)
    from generate_series(1, $5::integer) n`
  const values = [task, key ?? null, inMs, attempts, count]
  await askAsLogin(database(), { role: database().names.queue, text, values, tenant })
}

const states = () => asKeeper('select task, tenant_id, state, attempts, error from rowhouse_queue.job order by id')

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

describe('a runner', () => {
  test('does what is there and what comes, and leaves nothing', async () => {
    await add({ count: 30 })
    const done: unknown[] = []
    await start(async ({ input }) => {
      done.push(input)
      return 'done'
    })
    await until(() => done.length === 30)
    await add({ count: 700, tenant: globex })
    await until(() => done.length === 730)
    await until(async () => (await states()).length === 0)
    expect(new Set(done.slice(30)).size).toBe(700)
  })

  test('begins what waits when its time has come, behind a pooler of transactions too', async () => {
    for (const isSessionKept of [true, false]) {
      const done: unknown[] = []
      const runner = await start(
        async ({ id }) => {
          done.push(id)
          return 'done'
        },
        {
          isSessionKept,
          pollMs: isSessionKept ? 60_000 : 50,
        },
      )
      await add({ inMs: 300 })
      expect(done).toEqual([])
      await until(() => done.length === 1)
      await runner.stop()
    }
  })

  test('tries again what failed, later each time, then keeps it as failed for good', async () => {
    const events: JobEvent[] = []
    let tries = 0
    await start(
      async () => {
        tries++
        throw new Error(`no ${tries}\nsecret of the second line`)
      },
      { tasks: [{ ...usual, backoffSeconds: 0.01 }], log: (event) => events.push(event), pollMs: 20 },
    )
    await add({ attempts: 3 })
    await until(async () => (await asKeeper('select from rowhouse_queue.failed_job')).length === 1)
    expect(tries).toBe(3)
    expect(await states()).toEqual([])
    expect(await asKeeper('select task, tenant_id, attempts, error, input from rowhouse_queue.failed_job')).toEqual([
      { task: 'work', tenant_id: acme, attempts: 3, error: 'no 3', input: 1 },
    ])
    expect(events.map((event) => (event.kind === 'job-failed' ? event.became : event.kind))).toEqual([
      'retry',
      'retry',
      'failed',
    ])
  })

  test('tells a body that takes too long to stop, and goes on without it where it does not', async () => {
    const reasons: unknown[] = []
    let began = 0
    await start(
      async (_job, signal) => {
        began++
        signal.addEventListener('abort', () => reasons.push((signal.reason as Error).message))
        return await new Promise<never>(() => undefined)
      },
      { tasks: [{ ...usual, timeoutSeconds: 0.1 }], concurrency: 1 },
    )
    await add({ attempts: 1, count: 2 })
    await until(async () => (await asKeeper('select from rowhouse_queue.failed_job')).length === 2)
    expect(began).toBe(2)
    expect(reasons).toEqual(['It took longer than 0.1 s.', 'It took longer than 0.1 s.'])
  })

  test('that stops gives back what it did not begin, as if it had never had it', async () => {
    await add({ count: 5 })
    const { promise, resolve } = Promise.withResolvers<'done'>()
    let began = 0
    const runner = await start(
      () => {
        began++
        return promise
      },
      { concurrency: 2 },
    )
    await until(() => began > 0)
    const stopping = runner.stop()
    resolve('done')
    await stopping
    const left = await states()
    expect(left.length).toBe(5 - began)
    expect(left.every(({ state, attempts }) => state === 'ready' && attempts === 0)).toBe(true)
    expect(await asKeeper('select from rowhouse_queue.runner')).toEqual([])
  })
})

describe('tenants', () => {
  test('with few jobs do not wait for one that has thousands', async () => {
    await add({ tenant: acme, count: 2000 })
    await add({ tenant: globex, count: 5 })
    await add({ tenant: initech, count: 5 })
    const order: string[] = []
    await start(async ({ tenantId }) => {
      order.push(tenantId!)
      await sleep(2)
      return 'done'
    })
    await until(() => order.filter((tenant) => tenant !== acme).length === 10)
    expect(order.length).toBeLessThan(200)
  })

  test('that come later get a place although another one has long jobs for all of them', async () => {
    await add({ tenant: acme, count: 50 })
    const order: string[] = []
    const { promise, resolve } = Promise.withResolvers<'done'>()
    await start(
      ({ tenantId }) => {
        order.push(tenantId!)
        return tenantId === acme ? promise : Promise.resolve('done')
      },
      { concurrency: 5 },
    )
    await until(() => order.length === 4)
    await add({ tenant: globex, count: 3 })
    await until(() => order.filter((tenant) => tenant === globex).length === 3)
    expect(order.filter((tenant) => tenant === acme).length).toBe(4)
    resolve('done')
  })

  test('have no more jobs of a task at once than it says, on all runners together', async () => {
    const tasks = [{ ...usual, perTenant: 2 }]
    const running = new Map<string, number>()
    let most = 0
    let done = 0
    const work: Work = async ({ tenantId }) => {
      const now = (running.get(tenantId!) ?? 0) + 1
      running.set(tenantId!, now)
      most = Math.max(most, now)
      await sleep(5)
      running.set(tenantId!, running.get(tenantId!)! - 1)
      done++
      return 'done'
    }
    await add({ tenant: acme, count: 20 })
    await add({ tenant: globex, count: 20 })
    await Promise.all([start(work, { tasks }), start(work, { tasks })])
    await until(() => done === 40)
    expect(most).toBe(2)
  })
})

describe('a runner that is not heard of', () => {
  test('loses its jobs to another one, and may not settle them any more', async () => {
    const { promise, resolve } = Promise.withResolvers<'done'>()
    const silent = await start(() => promise, { beatMs: 3_600_000, concurrency: 1 })
    await add()
    await until(async () => (await states())[0]?.state === 'taken')
    await asKeeper("update rowhouse_queue.runner set seen_at = now() - interval '16 s'")
    const events: JobEvent[] = []
    const attempts: number[] = []
    const { promise: second, resolve: end } = Promise.withResolvers<'done'>()
    await start(
      ({ attempt }) => {
        attempts.push(attempt)
        return second
      },
      { log: (event) => events.push(event) },
    )
    await until(() => attempts.length === 1)
    expect(attempts).toEqual([2])
    expect(events).toContainEqual({ kind: 'jobs-taken-over', count: 1 })
    resolve('done')
    await sleep(100)
    expect(await states()).toMatchObject([{ state: 'taken' }])
    const [{ id }] = (await asKeeper('select id from rowhouse_queue.job')) as [{ id: string }]
    const settle = 'select rowhouse_queue.settle_job($1, $2)'
    const settling = askAsLogin(database(), { role: database().names.jobs, text: settle, values: [silent.id, id] })
    await expect(settling).rejects.toMatchObject({ code: '55000' })
    end('done')
    await until(async () => (await states()).length === 0)
  })

  test('takes a job that ends every runner with it only as often as it may be tried', async () => {
    await add({ attempts: 1 })
    await start(() => new Promise<never>(() => undefined), { beatMs: 3_600_000 })
    await until(async () => (await states())[0]?.state === 'taken')
    await asKeeper("update rowhouse_queue.runner set seen_at = now() - interval '16 s'")
    await start(async () => 'done')
    expect(await asKeeper('select error from rowhouse_queue.failed_job')).toEqual([
      { error: 'What ran it ended in the middle of it.' },
    ])
  })
})

describe('a runner whose answers are lost', () => {
  test('gives back what it took and never heard of', async () => {
    const done: unknown[] = []
    const runner = await start(
      async ({ id }) => {
        done.push(id)
        return 'done'
      },
      { beatMs: 100 },
    )
    let lost = 0
    const take = runner.queue.take.bind(runner.queue)
    runner.queue.take = async (asked) => {
      const jobs = await take(asked)
      if (lost > 0 || jobs.length === 0) return jobs
      lost = jobs.length
      throw new Error('The connection broke.')
    }
    await add({ count: 3 })
    await until(() => lost > 0)
    await until(async () => (await states()).length === 0)
    expect(new Set(done).size).toBe(3)
  })

  test('stops although it cannot say what is done, and leaves that to others', async () => {
    const events: JobEvent[] = []
    const runner = await start(async () => 'done', { log: (event) => events.push(event) })
    runner.queue.complete = () => Promise.reject(new Error('The connection broke.'))
    await add()
    await until(() => events.length > 0)
    await runner.stop(0)
    const told = events.length
    for (let turns = 0; turns < 100; turns++) await turn()
    expect(events.length).toBe(told)
    expect(await states()).toMatchObject([{ state: 'ready' }])
  })
})

describe('work by the clock', () => {
  test('is added once for each tick, however many runners there are, for each tenant', async () => {
    const insert = 'insert into rowhouse.tenant (id, slug, name) select t::uuid, t, t from unnest($1::text[]) t'
    await database().asOwner((client) => client.query(insert, [tenants]))
    const done: string[] = []
    const tasks = [{ ...usual, cron: '* * * * *', isForTenants: true }]
    const ran: Work = async ({ tenantId, asRole }) => {
      expect(asRole).toBeNull()
      done.push(tenantId!)
      return 'done'
    }
    await Promise.all([start(ran, { tasks }), start(ran, { tasks }), start(ran, { tasks })])
    await until(() => done.length >= 3)
    const [{ ticks }] = (await asKeeper('select count(*)::int as ticks from rowhouse_queue.tick')) as [
      { ticks: number },
    ]
    expect(ticks).toBe(1)
    const again = await open[0]!.queue.addTick('work', new Date(Date.now() - 60_000), true, 1)
    expect(again).toBe(0)
    expect(done.toSorted().slice(0, 3)).toEqual(tenants)
  })
})

test('a job with a key that waits again gives way to one that was added meanwhile', async () => {
  let first = true
  const inputs: unknown[] = []
  await start(
    async ({ input }) => {
      inputs.push(input)
      if (!first) return 'done'
      first = false
      await add({ key: 'k' })
      throw new Error('no')
    },
    { concurrency: 2 },
  )
  await add({ key: 'k' })
  await until(async () => !first && (await states()).length === 0)
  expect(inputs.length).toBe(2)
})

test('of several jobs with a key that come back together the newest is left', async () => {
  let began = 0
  const forever: Work = () => {
    began++
    return new Promise<never>(() => undefined)
  }
  // As many as a tenant may have of three places: it takes no more.
  await start(forever, { beatMs: 3_600_000, concurrency: 3 })
  for (const count of [1, 2]) {
    await add({ key: 'k' })
    await until(() => began === count)
  }
  const [, newest] = await asKeeper('select id from rowhouse_queue.job order by id')
  await asKeeper("update rowhouse_queue.runner set seen_at = now() - interval '16 s'")
  const done: unknown[] = []
  await start(async ({ id }) => {
    done.push(id)
    return 'done'
  })
  await until(async () => (await states()).length === 0)
  expect(done).toEqual([newest?.id])
})
