import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startChild } from '../graphql/child.ts'
import { type ExampleDatabase, openExampleDatabase } from '../graphql/example-database.ts'
import { poolSize, type Usage } from '../graphql/servers/serving.ts'
import { Asker } from './asker.ts'
import { type Ledger, runClient } from './client.ts'
import { findPeople } from './people.ts'
import { Watch } from './watch.ts'

/**
 * Mixed load for minutes, while Postgres is restarted twice and its connections are killed at random: reads of two tenants, changes, changes sent twice, clients
 * that hang up. No answer may be wrong, nobody may wait for ever, and what was answered must be so. Ends with 1 where anything was not.
 */
const { values: flags } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, connections: { type: 'string', default: '64' } },
})
const durationMs = Number(flags.minutes) * 60_000
const connections = Number(flags.connections)
if (!(durationMs > 0) || !Number.isInteger(connections) || connections < 1) {
  console.error('usage: npm run soak -- [--minutes 10] [--connections 64]')
  process.exit(2)
}

/** How long after its start Postgres may still be said to be away: as long as a request waits for a connection. */
const graceMs = 12_000
const downMs = 2_000
const killEveryMs = 1_500
/** Beyond what the first third needed. */
const mostGrowth = 1.2

const watch = new Watch()
const ledger: Ledger = { kept: new Set(), refused: new Set(), unknown: new Set() }
const memory: number[] = []
const database = await openExampleDatabase(1)
const { loginUrl: databaseUrl, folder } = database
const [{ url }, server] = await startChild<{ url: string }, 'usage', Usage>('servers/ours.ts', { databaseUrl, folder })
const asker = new Asker(url)
try {
  const people = await findPeople(database, asker)
  const started = performance.now()
  const isOver = () => performance.now() - started > durationMs
  const clients = Array.from({ length: connections }, (_, at) =>
    runClient({ asker, person: people[at % people.length]!, watch, ledger }, isOver),
  )
  await Promise.all([...clients, restarts(isOver), kills(isOver), samples(isOver, started)])
  await settled()
} finally {
  asker.close()
  await server.close()
  await database.close()
}
report()

/** A third of the way in, and two thirds. */
async function restarts(isOver: () => boolean): Promise<void> {
  for (let at = 0; at < 2; at++) {
    await sleep(durationMs / 3)
    if (isOver()) return
    watch.leaves()
    await database.restart(downMs)
    watch.returns(graceMs)
    watch.count('restarts of Postgres')
  }
}

async function kills(isOver: () => boolean): Promise<void> {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'invoicing_login' order by random() limit 1`
  while (!isOver()) {
    await sleep(killEveryMs)
    // Postgres may be away just then.
    const killed = await asAdmin(database, (admin) => admin.query(text)).catch(() => null)
    if ((killed?.rowCount ?? 0) > 0) watch.count('killed connections')
  }
}

async function samples(isOver: () => boolean, started: number): Promise<void> {
  while (!isOver()) {
    await sleep(Math.min(5000, durationMs / 20))
    const usage = await server.ask('usage')
    memory.push(usage.memory)
    const seconds = Math.round((performance.now() - started) / 1000)
    console.error(
      `${seconds} s: ${watch.counts.get('reads') ?? 0} reads, ${watch.faultCount} faults, ${Math.round(usage.memory)} MiB`,
    )
  }
}

/** What is left when nobody asks any more. */
async function settled(): Promise<void> {
  await sleep(1000)
  const { rows } = await asAdmin(database, (admin) =>
    admin.query<{ state: string }>(`select state from pg_stat_activity where usename = 'invoicing_login'`),
  )
  if (rows.length > poolSize) watch.fault(`${rows.length} connections for a pool of ${poolSize}`)
  for (const { state } of rows) if (state !== 'idle') watch.fault(`a connection is left ${state}`)
  const { rows: made } = await asAdmin(database, (admin) =>
    admin.query<{ number: string; count: number }>(
      `select number, count(*)::int as count from app."order" group by number`,
    ),
  )
  const counts = new Map(made.map(({ number, count }) => [number, count]))
  for (const number of ledger.kept)
    if (counts.get(number) !== 1) watch.fault(`${number} was answered, and is there ${counts.get(number) ?? 0} times`)
  for (const number of ledger.refused) if (counts.has(number)) watch.fault(`${number} was refused, and is there`)
  for (const number of ledger.unknown)
    if ((counts.get(number) ?? 0) > 1) watch.fault(`${number} is there ${counts.get(number)} times`)
  // Only what was cut off between the order to keep a change and the answer; a connection carries one change at a time.
  const cuts =
    (watch.counts.get('killed connections') ?? 0) + poolSize * (watch.counts.get('restarts of Postgres') ?? 0)
  const unknown = watch.counts.get('unknown outcomes') ?? 0
  if (unknown > cuts) watch.fault(`${unknown} unknown outcomes of ${cuts} broken connections`)
  const third = Math.floor(memory.length / 3)
  const [first, last] = [memory.slice(0, third), memory.slice(-third)].map((all) => Math.max(...all))
  if (third > 0 && last! > first! * mostGrowth)
    watch.fault(`memory grew from ${first!.toFixed()} to ${last!.toFixed()} MiB`)
  console.log(`memory: ${first?.toFixed()} MiB at most in the first third, ${last?.toFixed()} MiB in the last`)
}

async function asAdmin<T>({ adminUrl }: ExampleDatabase, task: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl })
  admin.on('error', () => undefined)
  await admin.connect()
  try {
    return await task(admin)
  } finally {
    await admin.end()
  }
}

function report(): void {
  for (const fault of watch.faults) console.log(`FAULT ${fault}`)
  for (const [what, count] of [...watch.counts].sort(([one], [other]) => (one < other ? -1 : 1)))
    console.log(`${what.padEnd(36)} ${count}`)
  const requests = [...watch.counts].filter(([what]) => /reads|creates|removes|changes|nonsense|hung/.test(what))
  console.log(`${requests.reduce((sum, [, count]) => sum + count, 0)} requests, ${watch.faultCount} faults`)
  process.exitCode = watch.faultCount === 0 ? 0 : 1
}
