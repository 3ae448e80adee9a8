import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startChild } from '../graphql/child.ts'
import { type ExampleDatabase, openExampleDatabase } from '../graphql/example-database.ts'
import { poolSize, type Usage } from '../graphql/servers/serving.ts'
import { Asker } from './asker.ts'
import { type Ledger, runClient } from './client.ts'
import { findPeople } from './people.ts'
import { type Fault, Watch } from './watch.ts'

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

const downMs = 2_000
const killEveryMs = 1_500
/** A server that is just started fills its caches and its heap for the first third of so long a run. */
const warmUpMs = 5 * 60_000
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
    const back = returned().then(() => watch.returns())
    await database.restart(downMs)
    await back
    watch.count('restarts of Postgres')
  }
}

/** Until Postgres, which was just told to end, answers again: from then on errors are faults. */
async function returned(): Promise<void> {
  for (let wasAway = false; ; await sleep(10)) {
    const answers = await asAdmin(database, (admin) => admin.query('select 1')).then(
      () => true,
      () => false,
    )
    if (answers && wasAway) return
    wasAway ||= !answers
  }
}

/** One at random, and one that is just told to keep a change, if any is. */
async function kills(isOver: () => boolean): Promise<void> {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'invoicing_login' `
  const victims = [
    { what: 'killed connections', text: `${text} order by random() limit 1` },
    { what: 'killed connections in commit', text: `${text} and state = 'active' and query = 'commit' limit 1` },
  ]
  for (let at = 0; !isOver(); at++) {
    await sleep(killEveryMs / 2)
    const { what, text } = victims[at % 2]!
    // Postgres may be away just then.
    const killed = await asAdmin(database, (admin) => admin.query(text)).catch(() => null)
    if ((killed?.rowCount ?? 0) > 0) watch.count(what)
  }
}

async function samples(isOver: () => boolean, started: number): Promise<void> {
  while (!isOver()) {
    await sleep(Math.min(5000, durationMs / 20))
    const usage = await server.ask('usage')
    memory.push(usage.memory)
    const seconds = Math.round((performance.now() - started) / 1000)
    console.error(
      `${seconds} s: ${watch.counts.get('reads') ?? 0} reads, ${watch.allFaults} faults, ${Math.round(usage.memory)} MiB`,
    )
  }
}

/** What is left when nobody asks any more. */
async function settled(): Promise<void> {
  await sleep(1000)
  const { rows } = await asAdmin(database, (admin) =>
    admin.query<{ state: string }>(`select state from pg_stat_activity where usename = 'invoicing_login'`),
  )
  if (rows.length > poolSize) watch.fault('leaks', `${rows.length} connections for a pool of ${poolSize}`)
  for (const { state } of rows) if (state !== 'idle') watch.fault('leaks', `a connection is left ${state}`)
  const { rows: made } = await asAdmin(database, (admin) =>
    admin.query<{ number: string; count: number }>(
      `select number, count(*)::int as count from app."order" group by number`,
    ),
  )
  const counts = new Map(made.map(({ number, count }) => [number, count]))
  const wrong = (what: string) => watch.fault('wrong answers', what)
  for (const number of ledger.kept)
    if (counts.get(number) !== 1) wrong(`${number} was answered, and is there ${counts.get(number) ?? 0} times`)
  for (const number of ledger.refused) if (counts.has(number)) wrong(`${number} was refused, and is there`)
  for (const number of ledger.unknown)
    if ((counts.get(number) ?? 0) > 1) wrong(`${number} is there ${counts.get(number)} times`)
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

/** Each line of what is promised, and whether it holds. */
function report(): void {
  const lines = [
    ...(['errors while Postgres was up', 'unclean errors', 'wrong answers', 'stuck requests', 'leaks'] as const).map(
      (what) => ({ what, told: String(watch.faultCount(what)), isMet: watch.faultCount(what) === 0 }),
    ),
    memoryLine(),
    { what: 'restarts of Postgres', told: String(restarted()), isMet: restarted() === 2 },
  ]
  console.log(`${'requests'.padEnd(36)} ${requests()}`)
  for (const [what, count] of sorted(watch.counts)) console.log(`  ${what.padEnd(34)} ${count}`)
  for (const when of ['up', 'down'] as const) {
    console.log(`answered with errors while Postgres was ${when}`)
    const told = sorted(watch.errors[when])
    if (told.length === 0) console.log('  none')
    for (const [what, count] of told) console.log(`  ${what.padEnd(50)} ${count}`)
  }
  for (const { what, told, isMet } of lines) console.log(`${isMet ? 'ok  ' : 'FAIL'} ${what}: ${told}`)
  for (const { what } of lines)
    for (const fault of watch.faultsOf(what as Fault)) console.log(`FAULT ${what}: ${fault}`)
  const isMet = lines.every((line) => line.isMet)
  console.log(isMet ? 'The soak is passed.' : 'The soak is FAILED.')
  process.exitCode = isMet ? 0 : 1
}

function memoryLine(): { readonly what: string; readonly told: string; readonly isMet: boolean } {
  const third = Math.floor(memory.length / 3)
  const most = (all: readonly number[]) => Math.max(...all)
  const first = most(memory.slice(0, third))
  const last = most(memory.slice(-third))
  const told = `${memory[0]?.toFixed()} MiB at the beginning, ${memory.at(-1)?.toFixed()} MiB at the end; at most ${first.toFixed()} MiB in the first third, ${last.toFixed()} MiB in the last, which may be ${mostGrowth} times as much`
  if (durationMs < warmUpMs) return { what: 'memory, not judged in so short a run', told, isMet: true }
  return { what: 'memory', told, isMet: third > 0 && last <= first * mostGrowth }
}

function restarted(): number {
  return watch.counts.get('restarts of Postgres') ?? 0
}

function requests(): number {
  const asked = [...watch.counts].filter(([what]) => /reads|creates|removes|changes|nonsense|hung/.test(what))
  return asked.reduce((sum, [, count]) => sum + count, 0)
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1))
}
