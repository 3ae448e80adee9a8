import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScriptPool, type ScriptPool } from '../../scripts/index.ts'
import { type Engine, openEngine } from '../../scripts/sandbox/engine.ts'
import { HeapBudget } from '../../scripts/sandbox/heap-budget.ts'
import { Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { bodyOf, callOf, rowsOf, scriptOf } from './support/host.ts'

/** A sandbox serves one run after the other: nothing of one may be found by the next, whatever it did. */

const mebibyte = 1024 * 1024
const call = JSON.stringify({ input: {}, row: null, actor: null, now: '2026-03-31T12:00:00.000Z', seed: [1, 2, 3, 4] })

/** What scripts do to the engine, each in its own way. */
const doings = {
  'a text': "globalThis.left = 'sk_live_'.repeat(1e5); return 1",
  'changed words of the language':
    "Object.prototype.left = 1; Array.prototype.map = null; JSON.parse = () => 'mine'; Promise.prototype.then = null; return 1",
  'many objects': 'globalThis.left = Array.from({ length: 2e4 }, (_, at) => ({ at, text: "left " + at })); return 1',
  'memory that grows':
    'globalThis.left = []; for (let at = 0; at < 20; at++) left.push(new Uint8Array(1e6).fill(7)); return 1',
  'memory that is full': 'globalThis.left = []; for (;;) left.push(new Uint8Array(1e6).fill(7))',
  'objects until the memory is full': 'let all = null; for (;;) all = { all, text: [all] }',
  'calls as deep as they may be': 'const deep = (n) => deep(n + 1) + 1; return deep(0)',
  'a pattern as deep as it may be': "return /(?:(a)|(b))*c/.test('ab'.repeat(1e5))",
  'JSON as deep as it may be': "return JSON.parse('['.repeat(1e3))",
  'source as deep as it may be': "return new Function('return ' + '('.repeat(500))",
  'promises that wait':
    'for (let at = 0; at < 1e3; at++) new Promise(() => {}).then(() => 1); await new Promise(() => {})',
  'jobs that are left': 'for (;;) { const go = () => Promise.resolve().then(go).then(go); go(); await 1 }',
  'questions that are not answered': "await Promise.all(Array.from({ length: 50 }, () => db.get('Order', '1')))",
  'an endless loop': 'for (;;) {}',
  'an error': "throw new Error('left'.repeat(100))",
  'symbols and classes':
    "globalThis.left = [Symbol.for('left'), class Left { #left = 1 }, new Map([[{}, 1]]), new Proxy({}, {})]; return 1",
} as const

/** A run in a sandbox, up to where it ends or waits. */
function run(sandbox: Sandbox, body: string): void {
  const dueAt = performance.now() + 300
  const silent = { said: () => {}, logged: () => {}, tooLong: () => {}, longest: () => mebibyte }
  sandbox.limit(mebibyte, () => performance.now() > dueAt, silent)
  const { code, file } = bodyOf(body)
  if (sandbox.prepare(call) === null) sandbox.start(code, file)
}

function bytesOf({ memory }: Engine): Buffer {
  return Buffer.from(memory.buffer)
}

describe('a sandbox that is reset', () => {
  test.each(Object.entries(doings))('holds not a byte of %s', async (_, body) => {
    const engine = await openEngine(new HeapBudget(64 * mebibyte))
    const sandbox = new Sandbox(engine)
    const opened = Buffer.from(bytesOf(engine))
    run(sandbox, body)
    const used = bytesOf(engine)
    expect(used.subarray(0, opened.length).equals(opened)).toBe(false)
    sandbox.reset()
    expect(bytesOf(engine).subarray(0, opened.length).equals(opened)).toBe(true)
    expect(
      bytesOf(engine)
        .subarray(opened.length)
        .every((byte) => byte === 0),
    ).toBe(true)
  })

  test('serves the next run as if it was new', async () => {
    const sandbox = new Sandbox(await openEngine(new HeapBudget(64 * mebibyte)))
    for (const body of Object.values(doings)) {
      run(sandbox, body)
      sandbox.reset()
      const said: string[] = []
      const hearing = { said: (kind: string, _: number, __: string, text: string) => void said.push(kind, text) }
      sandbox.limit(mebibyte, () => false, { ...hearing, logged: () => {}, tooLong: () => {}, longest: () => mebibyte })
      const look =
        'return [typeof globalThis.left, typeof [].left, [1].map((one) => one + 1), JSON.parse("1"), Object.keys(globalThis)]'
      const { code, file } = bodyOf(look)
      expect(sandbox.prepare(call) ?? sandbox.start(code, file)).toBeNull()
      expect(said).toEqual(['output', '["undefined","undefined",[2],1,[]]'])
      sandbox.reset()
    }
  })
})

describe('threads', () => {
  const limits = { timeMs: 60_000 }
  let pool: ScriptPool
  beforeAll(() => {
    pool = openScriptPool({ threads: 1, waitMs: 60_000, graceMs: 60_000 })
  })
  afterAll(() => pool.close())

  test('keep nothing of a version of a script for the next of its name', async () => {
    const version = (answer: string) =>
      scriptOf(
        `let own = 0; globalThis.all = (globalThis.all ?? 0) + 1; export default () => [++own, all, '${answer}']`,
      )
    for (const answer of ['first', 'second', 'first', 'second'])
      expect(await pool.run(version(answer), callOf({ limits }))).toMatchObject({ output: [1, 1, answer] })
  })

  test('keep nothing for another tenant of a run that was stopped', async () => {
    const leave = bodyOf("globalThis.left = 'a'; Array.prototype.left = 'a'; await db.act('Order', 'wait', '1')")
    const controller = new AbortController()
    const act = () => {
      controller.abort()
      return new Promise<never>(() => {})
    }
    const host = { db: { ...rowsOf(), act } }
    expect(await pool.run(leave, callOf({ host, signal: controller.signal, limits }))).toMatchObject({
      failed: 'cancelled',
    })
    const look = bodyOf('return [typeof globalThis.left, typeof [].left]')
    // The first one may be served by the thread that is ready besides.
    for (let at = 0; at < 5; at++)
      expect(await pool.run(look, callOf({ tenant: 'b', limits }))).toMatchObject({
        output: ['undefined', 'undefined'],
      })
  })

  test('hold runs inside of each other apart, and within the memory of one', async () => {
    const lane = {}
    const outcomes: unknown[] = []
    const body = (more: string) =>
      bodyOf(`globalThis.left = (globalThis.left ?? 0) + 1
        const kept = Array.from({ length: 20 }, () => new Uint8Array(1e6).fill(1))
        ${more}
        return [globalThis.left, kept.length]`)
    const nested = async (depth: number): Promise<null> => {
      const act = () => nested(depth + 1)
      const script = body(depth === 5 ? '' : "await db.act('Order', 'go', '1')")
      const outcome = await pool.run(script, callOf({ lane, host: { db: { ...rowsOf(), act } }, limits }))
      outcomes.unshift('failed' in outcome ? outcome.failed : 'output' in outcome && outcome.output)
      return null
    }
    await nested(0)
    // Those that wait have at most 64 MiB together: four have 80 MB.
    expect(outcomes).toEqual([[1, 20], [1, 20], [1, 20], [1, 20], 'memory'])
  })
})
