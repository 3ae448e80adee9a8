import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clock, openScriptPool, type ScriptOutcome, type ScriptPool } from '../../scripts/index.ts'
import { machineClock } from '../../scripts/pool/clock.ts'
import { bodyOf, callOf, rowsOf } from './support/host.ts'
import { type HostileScript, hostileScripts } from './support/hostile-scripts.ts'
import { LoopWatch } from './support/loop-watch.ts'

/** Every script that means harm is ended in time, costs the thread of the server next to nothing, and another tenant's next script runs as if nothing had been. */
const timeMs = 300
const mostLateMs = 300
const mostOfLoopMs = 50
/** Of scripts that end by themselves: they may be as slow as the machine. */
const patientMs = 60_000

/** What the pool waits for: its timers are what holds the promise, however late a busy machine fires them. */
const waits: { readonly ms: number; readonly dueAt: number }[] = []
const clock: Clock = {
  ...machineClock,
  after(ms, run) {
    waits.push({ ms, dueAt: machineClock.now() + ms })
    return machineClock.after(ms, run)
  },
}

let pool: ScriptPool
let watch: LoopWatch
beforeAll(async () => {
  pool = openScriptPool({ threads: 2, waitMs: patientMs, clock })
  watch = new LoopWatch()
  await nextOfOther()
})
afterAll(async () => {
  watch.close()
  await pool.close()
})

test('there are sixty of them and more', () => {
  expect(hostileScripts.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileScripts.map(({ name }) => name)).size).toBe(hostileScripts.length)
})

test.each(hostileScripts)('$name', async (hostile) => {
  waits.length = 0
  watch.take()
  expectEnd(await attack(hostile), hostile)
  const longest = [watch.take()]
  expectWaits(limitsOf(hostile).timeMs)
  expect(await nextOfOther()).toMatchObject({ output: 'A-1', hostCalls: 1 })
  // Collecting garbage of the tests takes a turn too, now and then: what a script does, it does every time.
  while (Math.min(...longest) >= mostOfLoopMs && longest.length < 3) {
    watch.take()
    await attack(hostile)
    longest.push(watch.take())
  }
  expect(Math.min(...longest)).toBeLessThan(mostOfLoopMs)
})

/** A timer for the deadline, and for a thread that does not listen then another one that is soon. */
function expectWaits(limitMs: number): void {
  const deadline = waits.find(({ ms }) => ms === limitMs)
  expect(deadline).toBeDefined()
  for (const { ms, dueAt } of waits.filter((each) => each !== deadline && each.ms !== patientMs))
    expect(ms <= mostLateMs || dueAt <= deadline!.dueAt + mostLateMs, `${ms} ms`).toBe(true)
}

function expectEnd(outcome: ScriptOutcome, { ends }: HostileScript): void {
  if (!Array.isArray(ends)) expect(outcome).toMatchObject(ends)
  else expect(ends, JSON.stringify(outcome)).toContain('failed' in outcome ? outcome.failed : 'harmless')
}

function limitsOf({ ends, limits }: HostileScript) {
  const isSlow = Array.isArray(ends) && ends.includes('timeout')
  return { timeMs: isSlow ? timeMs : patientMs - 1, ...limits }
}

function attack(hostile: HostileScript): Promise<ScriptOutcome> {
  const never = new Promise<never>(() => {})
  const db = {
    ...rowsOf(),
    act: (_: string, verb?: string | object) => (verb === 'slow' ? never : Promise.resolve(null)),
  }
  const secrets = { stripe: { value: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', hosts: ['api.stripe.com'] } }
  const http = { allow: ['evil.example', 'http://169.254.169.254'] }
  const call = callOf({ tenant: 'evil', input: { a: 1 }, limits: limitsOf(hostile), host: { db, secrets, http } })
  return pool.run(bodyOf(hostile.body), call)
}

function nextOfOther(): Promise<ScriptOutcome> {
  const call = callOf({ tenant: 'other', limits: { timeMs: patientMs } })
  return pool.run(bodyOf("return (await db.get('Order', '1')).number"), call)
}
