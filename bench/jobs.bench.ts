import { randomBytes } from 'node:crypto'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Logger, run as runBare } from 'graphile-worker'
import type pg from 'pg'
import { roleSetName } from '#migrations'
import { startAppRunner, type Work } from '#server'
import type { WorkerCall } from '#workers'
import { type Bench, median, type Run } from './bench.ts'
import { mailingApp } from './jobs/mailing-app.ts'
import { openAppDatabase } from './policies/database.ts'
import { connected } from './policies/session.ts'

const concurrency = 24
const tenants = 20
const logger = new Logger(() => () => undefined)

export const bench: Bench = {
  summary: 'jobs per second and from commit to start, beside bare graphile-worker with its fastest settings',
  async run({ quick, note }) {
    const database = await openAppDatabase([['clerk'], ['reader'], ['robot']], mailingApp)
    const [ours, bare] = [await connected(database.adminUrl), await connected(database.adminUrl)]
    try {
      const subjects: Subjects = { ...(await subjectsOf(database, ours)), ours, bare }
      await bareJobs(subjects, 10)
      await ourJobs(subjects, 10, 'nothing')
      const count = quick ? 4000 : 20_000
      const rounds = quick ? 3 : 9
      const rates: Record<'ours' | 'bare' | 'writing', number[]> = { ours: [], bare: [], writing: [] }
      for (let round = -1; round < rounds; round++) {
        const [bareRate, ourRate] = [await bareJobs(subjects, count), await ourJobs(subjects, count, 'nothing')]
        const writing = await ourJobs(subjects, Math.floor(count / 20), 'write')
        if (round < 0) continue
        rates.bare.push(bareRate)
        rates.ours.push(ourRate)
        rates.writing.push(writing)
        note(
          `${Math.round(ourRate)} jobs a second, bare ${Math.round(bareRate)}, writing a row each ${Math.round(writing)}`,
        )
      }
      const starts = await startTimes(subjects, quick ? 100 : 300)
      const runs: Run[] = [
        { name: 'jobs that do nothing', ms: rates.ours, unit: 'requests/s' },
        { name: 'the same by bare graphile-worker', ms: rates.bare, unit: 'requests/s' },
        { name: 'jobs that write a row', ms: rates.writing, unit: 'requests/s' },
        { name: 'from commit to start', ms: starts },
      ]
      const vsBare = median(rates.ours.map((rate, at) => rate / rates.bare[at]!))
      return { runs, ratios: { 'jobs/vs-bare': vsBare, 'jobs/start-ms-p50': median(starts) } }
    } finally {
      for (const client of [ours, bare]) await client.end()
      await database.close()
    }
  },
}

type Database = Awaited<ReturnType<typeof openAppDatabase>>

interface Subjects {
  readonly ours: pg.Client
  readonly bare: pg.Client
  readonly adminUrl: string
  readonly start: (onJob: () => void) => ReturnType<typeof startAppRunner>
  readonly role: string
}

async function subjectsOf(
  { adminUrl, names, model }: Database,
  admin: pg.Client,
): Promise<Omit<Subjects, 'ours' | 'bare'>> {
  const password = randomBytes(12).toString('hex')
  await admin.query(`alter role ${names.login} password '${password}'`)
  await admin.query(`insert into rowhouse.tenant (id, slug, name)
    select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 't' || n, 't' || n from generate_series(0, ${tenants}) n`)
  const login = new URL(adminUrl)
  Object.assign(login, { username: names.login, password })
  const base = {
    fields: [],
    service: null,
    attempts: 6,
    backoffSeconds: 10,
    timeoutSeconds: 60,
    perTenant: null,
    cron: null,
    unique: null,
  }
  const start = (onJob: () => void) => {
    const work: Work = new Map([
      ['workers/nothing', { ...base, name: 'workers/nothing', run: onJob }],
      [
        'workers/write',
        {
          ...base,
          name: 'workers/write',
          run: async ({ db }: WorkerCall<unknown>) => {
            await db.create('Letter', { subject: 'Hello' })
            onJob()
          },
        },
      ],
    ])
    return startAppRunner({ model, work, names, databaseUrl: login.href, concurrency })
  }
  return { adminUrl, start, role: roleSetName(names.prefix, ['clerk']) }
}

/** Adds jobs of some tenants, then runs them. Answers jobs per second. */
async function ourJobs({ ours, start, role }: Subjects, count: number, task: 'nothing' | 'write'): Promise<number> {
  await ours.query(
    `insert into rowhouse_queue.job (task, tenant_id, as_role, claims, input, priority, state, run_at, max_attempts)
      select 'workers/${task}', ('00000000-0000-7000-8000-' || lpad((n % ${tenants})::text, 12, '0'))::uuid, $1, '{}', '{}', 0, 'ready', now(), 6
      from generate_series(1, ${count}) n`,
    [role],
  )
  const counted = counter(count)
  const began = performance.now()
  const runner = await start(counted.tell)
  await counted.done
  await untilEmpty(ours, 'rowhouse_queue.job')
  const seconds = (performance.now() - began) / 1000
  await runner.close()
  await ours.query('truncate app.letter')
  await ours.query('vacuum rowhouse_queue.job')
  return count / seconds
}

async function bareJobs({ bare, adminUrl }: Subjects, count: number): Promise<number> {
  const counted = counter(count)
  const options = {
    connectionString: adminUrl,
    taskList: { nothing: () => counted.tell() },
    logger,
    noHandleSignals: true,
    preset: {
      worker: {
        ...{
          concurrentJobs: concurrency,
          maxPoolSize: concurrency + 2,
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
        localQueue: { size: 500 },
      },
    },
  }
  if (count <= 10) await (await import('graphile-worker')).runMigrations({ connectionString: adminUrl, logger })
  await bare.query(`select graphile_worker.add_jobs(array_agg(row('nothing', '{}', null, null, null, null, null, null)::graphile_worker.job_spec))
    from generate_series(1, ${count})`)
  const began = performance.now()
  const runner = await runBare(options)
  await counted.done
  await untilEmpty(bare, 'graphile_worker._private_jobs')
  const seconds = (performance.now() - began) / 1000
  await runner.stop()
  await bare.query('vacuum graphile_worker._private_jobs')
  return count / seconds
}

/** From the moment when a commit was answered until the body begins; one job after the other, as a queue at rest has them. */
async function startTimes({ ours, start, role }: Subjects, count: number): Promise<readonly number[]> {
  let begun: (at: number) => void = () => undefined
  const runner = await start(() => begun(performance.now()))
  const times: number[] = []
  for (let at = -20; at < count; at++) {
    const began = new Promise<number>((resolve) => {
      begun = resolve
    })
    await ours.query('begin')
    await ours.query(`insert into rowhouse_queue.job (task, tenant_id, as_role, claims, input, priority, state, run_at, max_attempts)
      values ('workers/nothing', '00000000-0000-7000-8000-000000000001', '${role}', '{}', '{}', 0, 'ready', now(), 6)`)
    await ours.query("select pg_notify('rowhouse_jobs', 'now')")
    const committing = ours.query('commit')
    const committed = committing.then(() => performance.now())
    const ms = (await began) - (await committed)
    if (at >= 0) times.push(Math.max(ms, 0))
    await sleep(20)
  }
  await runner.close()
  return times
}

function counter(count: number): { readonly tell: () => void; readonly done: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let told = 0
  const tell = () => {
    told++
    if (told === count) resolve()
  }
  return { tell, done: promise }
}

/** What is completed in batches is done when the last of them is. */
async function untilEmpty(client: pg.Client, table: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query(`select from ${table} limit 1`)
    if (rows.length === 0) return
    await turn()
  }
}
