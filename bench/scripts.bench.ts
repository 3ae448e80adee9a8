import { openScriptPool, type ScriptOutcome, type ScriptPool } from '../scripts/index.ts'
import { bodyOf, callOf, rowsOf, scriptOf } from '../test/scripts/support/host.ts'
import { hostileScripts } from '../test/scripts/support/hostile-scripts.ts'
import { LoopWatch } from '../test/scripts/support/loop-watch.ts'
import { type Bench, type BenchResult, median, type Run } from './bench.ts'
import type { HookedTimes } from './scripts/hooked-mutations.ts'

/** Milliseconds that hostile scripts may take; what they take beyond is looked at. */
const deadlineMs = 300
const limits = { perSecond: 500, lateMs: 300, loopMs: 50 }

/** What a small script does: it computes, and is told nothing but its input and row. */
const small = scriptOf(`
import { script } from 'rowhouse/scripts'
interface Line { readonly quantity: number; readonly cents: number }
export default script(async ({ input, row, raise }) => {
  const lines = input.lines as readonly Line[]
  if (lines.length === 0) raise('empty', 'There is nothing to discount.')
  const cents = lines.reduce((sum, line) => sum + line.quantity * line.cents, 0)
  return { number: row.number, discount: String(Math.round(cents * (cents > 100_000 ? 0.1 : 0.05)) / 100) }
})
`)
/** The same with one row read. */
const asking = bodyOf("const { number } = await db.get('Order', '1'); return number")

/**
 * Scripts in the pool of a server, beside nothing else. `db` answers from memory: what rows cost is measured elsewhere.
 *
 * - `script/ms-p50`: milliseconds of a small script, one after the other, from the call to its outcome; 2 are allowed.
 * - `script/hook-ms-p50`: milliseconds that a script before each new row adds to a mutation over HTTP with embedded Postgres; 3 are allowed.
 * - `script/per-second-of-500`: calls a second by 16 callers of four tenants over what is asked for.
 * - `script/cpu-ms`: milliseconds of processors, of all threads, that each of these takes; two processors have 4 for each of 500 a second.
 * - `hostile/late-of-300`: milliseconds behind its deadline at which the slowest hostile script was answered.
 * - `hostile/loop-of-50`: the longest turn of the server's event loop meanwhile, in processor time; the middle of the rounds.
 */
export const bench: Bench = {
  summary: 'milliseconds of a script, scripts a second, and how hostile ones are ended',
  async run({ quick, note }) {
    const pool = openScriptPool({ tenant: { timeMs: 1e9, hostCalls: 1e9, rows: 1e9 } })
    try {
      await sequence(pool, small, quick ? 200 : 1_000)
      note('warm')
      const warm = await sequence(pool, small, quick ? 500 : 3_000)
      const asked = await sequence(pool, asking, quick ? 200 : 1_000)
      const sustainedRun = await sustained(pool, quick ? 3 : 10)
      note('measured')
      // Grafast looks at this when it is imported.
      process.env.GRAPHILE_ENV = 'production'
      const { timeHookedMutations } = await import('./scripts/hooked-mutations.ts')
      const hooks = await timeHookedMutations(quick ? 300 : 2_000)
      note('hooks')
      return result({ warm, asked, hooks, ...sustainedRun, hostile: await attacks(pool, quick ? 1 : 3) })
    } finally {
      await pool.close()
    }
  },
}

interface Found {
  readonly warm: readonly number[]
  readonly asked: readonly number[]
  readonly hooks: HookedTimes
  readonly rates: readonly number[]
  readonly cpuMs: readonly number[]
  readonly hostile: { readonly lateMs: readonly number[]; readonly loopMs: readonly number[] }
}

const input = {
  lines: [
    { quantity: 3, cents: 12_000 },
    { quantity: 1, cents: 99 },
  ],
}

function call(tenant: string) {
  return callOf({ tenant, input, row: { id: '1', number: 'A-1' } })
}

async function timed(pool: ScriptPool, script: typeof small, tenant: string): Promise<number> {
  const startedAt = performance.now()
  const outcome = await pool.run(script, call(tenant))
  if (!('output' in outcome)) throw new Error(JSON.stringify(outcome))
  return performance.now() - startedAt
}

async function sequence(pool: ScriptPool, script: typeof small, calls: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let at = 0; at < calls; at++) times.push(await timed(pool, script, 'a'))
  return times
}

/** Calls a second, one number for each second. */
async function sustained(pool: ScriptPool, seconds: number): Promise<Pick<Found, 'rates' | 'cpuMs'>> {
  const [rates, cpuMs]: [number[], number[]] = [[], []]
  for (let second = 0; second < seconds; second++) {
    const startedAt = performance.now()
    const before = process.cpuUsage()
    let done = 0
    const caller = async (tenant: string) => {
      while (performance.now() - startedAt < 1_000) {
        await timed(pool, small, tenant)
        done += 1
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, at) => caller(`t${at % 4}`)))
    rates.push((done / (performance.now() - startedAt)) * 1_000)
    const { user, system } = process.cpuUsage(before)
    cpuMs.push((user + system) / 1_000 / done)
  }
  return { rates, cpuMs }
}

async function attacks(pool: ScriptPool, rounds: number): Promise<Found['hostile']> {
  const watch = new LoopWatch()
  const [lateMs, loopMs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    let [late, loop] = [0, 0]
    for (const { body, limits: own } of hostileScripts) {
      watch.take()
      const { ms } = await attack(pool, body, own ?? {})
      late = Math.max(late, ms - deadlineMs)
      loop = Math.max(loop, watch.take())
    }
    lateMs.push(late)
    loopMs.push(loop)
  }
  watch.close()
  return { lateMs, loopMs }
}

function attack(pool: ScriptPool, body: string, own: object): Promise<ScriptOutcome> {
  const db = { ...rowsOf(), act: () => new Promise<never>(() => {}) }
  const http = { allow: ['http://169.254.169.254'] }
  return pool.run(bodyOf(body), callOf({ tenant: 'evil', limits: { timeMs: deadlineMs, ...own }, host: { db, http } }))
}

function result({ warm, asked, hooks, rates, cpuMs, hostile }: Found): BenchResult {
  const runs: readonly Run[] = [
    { name: 'a small script', ms: warm },
    { name: 'a script that reads a row', ms: asked },
    { name: 'a mutation', ms: hooks.plain },
    { name: 'the same with a script before it', ms: hooks.hooked },
    { name: 'small scripts, 16 at once', ms: rates, unit: 'requests/s' },
    { name: 'processors for each of these', ms: cpuMs },
    { name: 'hostile scripts, behind their deadline', ms: hostile.lateMs },
    { name: 'hostile scripts, longest turn of the loop', ms: hostile.loopMs },
  ]
  const ratios = {
    'script/ms-p50': median(warm),
    'script/asking-ms-p50': median(asked),
    'script/hook-ms-p50': median(hooks.added),
    'script/per-second-of-500': median(rates) / limits.perSecond,
    'script/cpu-ms': median(cpuMs),
    'hostile/late-of-300': Math.max(...hostile.lateMs) / limits.lateMs,
    'hostile/loop-of-50': median(hostile.loopMs) / limits.loopMs,
  }
  return { runs, ratios }
}
