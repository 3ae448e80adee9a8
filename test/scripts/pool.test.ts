import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type Clock, openScriptPool, type ScriptPool, type ScriptPoolOptions } from '../../scripts/index.ts'
import { machineClock } from '../../scripts/pool/clock.ts'
import { bodyOf, callOf, rowsOf } from './support/host.ts'

const pools: ScriptPool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

/** Scripts take as long as the machine needs. */
const patient = { timeMs: 60_000 }

function open(options: ScriptPoolOptions = {}): ScriptPool {
  const pool = openScriptPool({ threads: 2, waitMs: 60_000, graceMs: 60_000, ...options })
  pools.push(pool)
  return pool
}

/** Rows whose verb "wait" ends when it is told to. */
function heldRows() {
  const started: (() => void)[] = []
  let free: () => void = () => {}
  const freed = new Promise<null>((resolve) => {
    free = () => resolve(null)
  })
  const waiting = {
    count: 0,
    whenCount: (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => (waiting.count >= count ? resolve() : started.push(look))
        look()
      }),
  }
  const act = () => {
    waiting.count += 1
    for (const look of started.splice(0)) look()
    return freed
  }
  return { db: { ...rowsOf(), act }, free, waiting }
}

const wait = bodyOf("return await db.act('Order', 'wait', '1')")
const one = bodyOf('return 1')

describe('a run', () => {
  const pool = open()

  test('is given its input, row, caller and time, and answers plain data', async () => {
    const script = bodyOf(
      'return { input, row, actor, now, date: new Date().toISOString(), hours: new Date(now).getHours() }',
    )
    const given = { input: { a: [1, '2', null] }, row: { id: '7' }, actor: { id: 'ada', roles: ['clerk'] } }
    const date = '2026-03-31T12:00:00.000Z'
    expect(await pool.run(script, callOf({ ...given, limits: patient }))).toMatchObject({
      output: { ...given, now: date, date, hours: 12 },
    })
  })

  test('asks the host, several things at once', async () => {
    const db = rowsOf()
    const script = bodyOf(`
      const [found, got] = await Promise.all([db.find('Order', { first: 5 }), db.get('Order', '1')])
      const made = await db.create('Order', { number: 'A-2' })
      await db.update('Order', '1', { number: 'A-3' }); await db.remove('Order', '1')
      await db.restore('Order', '1'); await db.delete('Order', '1')
      return { found, got, made, done: await db.act('Order', 'approve', '1') }`)
    const outcome = await pool.run(script, callOf({ host: { db }, limits: patient }))
    const row = { id: '1', number: 'A-1' }
    expect(outcome).toMatchObject({
      output: { found: [row], got: row, made: { id: '2', number: 'A-2' }, done: { done: true } },
      ...{ hostCalls: 8, rows: 8 },
    })
    expect(db.asked).toEqual(
      ['find', 'get', 'create', 'update', 'remove', 'restore', 'delete', 'approve'].map((word) => `${word} Order`),
    )
  })

  test('raises what the caller is told', async () => {
    const script = bodyOf("raise('tooLate', 'The order is closed.', ['wantedOn'])")
    const raised = { code: 'tooLate', message: 'The order is closed.', fields: ['wantedOn'] }
    expect(await pool.run(script, callOf({ limits: patient }))).toMatchObject({ raised })
  })

  test('tells where it failed', async () => {
    const script = bodyOf('const missing = null\n  return missing.name')
    expect(await pool.run(script, callOf({ limits: patient }))).toMatchObject({
      failed: 'error',
      message: "TypeError: cannot read property 'name' of null (scripts/test.ts:2:17)",
    })
  })

  test('logs lines, as many as it may', async () => {
    const lines: string[] = []
    const script = bodyOf("log('a', { b: 1 }); console.log('c'.repeat(50)); for (let i = 0; i < 9; i++) log(i)")
    const limits = { ...patient, logLines: 4, logCharacters: 20 }
    await pool.run(script, callOf({ host: { log: (line) => lines.push(line) }, limits }))
    expect(lines).toEqual(['a {"b":1}', 'c'.repeat(20), '0', '1', '(more than 4 lines, the rest is left out)'])
  })

  test('that ends before the host has answered is a mistake', async () => {
    expect(await pool.run(bodyOf("db.get('Order', '1')"), callOf({ limits: patient }))).toMatchObject({
      failed: 'error',
      message: expect.stringContaining('await'),
    })
  })

  test('is cancelled with its request', async () => {
    const { db, waiting } = heldRows()
    const controller = new AbortController()
    const running = pool.run(wait, callOf({ host: { db }, signal: controller.signal, limits: patient }))
    await waiting.whenCount(1)
    controller.abort()
    expect(await running).toMatchObject({ failed: 'cancelled' })
  })

  test('finds nothing of the run before', async () => {
    const leave = bodyOf("globalThis.left = 'secret'; Array.prototype.left = 'secret'; return 1")
    for (let at = 0; at < 5; at++) await pool.run(leave, callOf({ limits: patient }))
    const look = bodyOf('return [typeof globalThis.left, typeof [].left]')
    expect(await pool.run(look, callOf({ tenant: 'b', limits: patient }))).toMatchObject({
      output: ['undefined', 'undefined'],
    })
  })
})

describe('tenants', () => {
  test('cannot take all threads from each other', async () => {
    const pool = open()
    const { db, free, waiting } = heldRows()
    const greedy = Array.from({ length: 5 }, () => pool.run(wait, callOf({ host: { db }, limits: patient })))
    await waiting.whenCount(1)
    expect(await pool.run(one, callOf({ tenant: 'b', limits: patient }))).toMatchObject({ output: 1 })
    expect(waiting.count).toBe(1)
    free()
    expect((await Promise.all(greedy)).map((outcome) => 'output' in outcome)).toEqual(Array(5).fill(true))
  })

  test('take their turns, whoever has more waiting', async () => {
    const pool = open({ threads: 1 })
    const { db, free, waiting } = heldRows()
    const order: string[] = []
    const run = (tenant: string) => pool.run(one, callOf({ tenant, limits: patient })).then(() => order.push(tenant))
    const first = pool.run(wait, callOf({ tenant: 'a', host: { db }, limits: patient }))
    await waiting.whenCount(1)
    const others = [...Array.from({ length: 4 }, () => run('a')), run('b'), run('c')]
    free()
    await Promise.all([first, ...others])
    expect(order).toEqual(['a', 'b', 'c', 'a', 'a', 'a'])
  })

  test('are refused when too many of theirs wait, and nobody else is', async () => {
    const pool = open({ waitingOfTenant: 2 })
    const { db, free, waiting } = heldRows()
    const run = (tenant: string) => pool.run(wait, callOf({ tenant, host: { db }, limits: patient }))
    const running = run('a')
    await waiting.whenCount(1)
    const queued = [run('a'), run('a')]
    await expect(run('a')).rejects.toMatchObject({ code: 'LIMIT', extensions: { limit: 'scripts.waiting' } })
    const other = run('b')
    free()
    expect(await Promise.all([running, ...queued, other])).toHaveLength(4)
  })

  test('are refused when they have used up their minute, until the next', async () => {
    let passedMs = 0
    const clock: Clock = { ...machineClock, now: () => passedMs }
    const pool = open({ clock, tenant: { hostCalls: 2 } })
    const script = bodyOf("await db.get('Order', '1'); return (await db.get('Order', '1')).number")
    const run = (tenant: string) => pool.run(script, callOf({ tenant, limits: patient }))
    expect(await run('a')).toMatchObject({ output: 'A-1' })
    await expect(run('a')).rejects.toMatchObject({
      code: 'LIMIT',
      extensions: { limit: 'scripts.hostCalls', retryInSeconds: 60 },
    })
    expect(await run('b')).toMatchObject({ output: 'A-1' })
    passedMs = 60_001
    expect(await run('a')).toMatchObject({ output: 'A-1' })
  })

  test('do not wait for ever, but for threads that still begin', async () => {
    const pool = open({ threads: 1, waitMs: 1 })
    const { db, free, waiting } = heldRows()
    const running = pool.run(wait, callOf({ host: { db }, limits: patient }))
    await waiting.whenCount(1)
    const refused = { code: 'LIMIT', extensions: { limit: 'scripts.waiting' } }
    await expect(pool.run(one, callOf({ tenant: 'b', limits: patient }))).rejects.toMatchObject(refused)
    free()
    expect(await running).toMatchObject({ output: null })
  })
})

describe('scripts that run scripts', () => {
  test('share the thread of their request', async () => {
    const pool = open({ threads: 1 })
    const lane = {}
    let deepest = 0
    const nested = (depth: number): ReturnType<ScriptPool['run']> => {
      deepest = Math.max(deepest, depth)
      const act = async () => {
        const outcome = await nested(depth + 1)
        return 'output' in outcome ? outcome.output : null
      }
      const script = depth === 4 ? one : bodyOf("return 1 + await db.act('Order', 'go', '1')")
      return pool.run(script, callOf({ lane, host: { db: { ...rowsOf(), act } }, limits: patient }))
    }
    expect(await nested(0)).toMatchObject({ output: 5 })
    expect(deepest).toBe(4)
  })

  test('do not without end', async () => {
    const pool = open({ threads: 1 })
    const lane = {}
    const script = bodyOf("return await db.act('Order', 'go', '1')")
    const run = (): ReturnType<ScriptPool['run']> =>
      pool.run(script, callOf({ lane, host: { db: { ...rowsOf(), act } }, limits: patient }))
    const act = async () => {
      const outcome = await run()
      if ('cause' in outcome) throw outcome.cause
      return null
    }
    const outcome = await run()
    expect(outcome).toMatchObject({ failed: 'error', cause: { code: 'LIMIT', extensions: { limit: 'scriptDepth' } } })
  })
})

describe('threads', () => {
  test('that are ended cost their own run, and are replaced', async () => {
    const pool = open({ graceMs: 1 })
    const hang = bodyOf("return (new Array(1e8) + '').length")
    for (let at = 0; at < 3; at++) {
      expect(await pool.run(hang, callOf({ limits: { timeMs: 50 } }))).toMatchObject({ failed: 'timeout' })
      expect(await pool.run(one, callOf({ tenant: 'b', limits: patient }))).toMatchObject({ output: 1 })
    }
  })

  test('whose engine breaks cost their own run, and are replaced', async () => {
    const pool = open()
    const fill = bodyOf('const a = []; for (;;) a.push(new Uint8Array(1e6))')
    expect(await pool.run(fill, callOf({ limits: patient }))).toMatchObject({ failed: 'memory' })
    expect(await pool.run(one, callOf({ limits: patient }))).toMatchObject({ output: 1 })
  })

  test('hold no more than they may', async () => {
    const pool = open()
    const fill = bodyOf(
      'const a = []; for (let i = 0; i < 200; i++) a.push(new Uint8Array(1e6).fill(1)); return a.length',
    )
    expect(await pool.run(fill, callOf({ limits: patient }))).toMatchObject({ failed: 'memory' })
  })

  test('that do not begin are told of', async () => {
    const entry = pathToFileURL('/nowhere/thread.ts')
    const pool = open({ entry })
    await expect(pool.run(one, callOf())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(pool.run(one, callOf())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('that never have begun are told of', async () => {
    const entry = new URL('data:text/javascript,setInterval(() => {}, 1e6)')
    let now = 0
    const clock: Clock = { now: () => (now += 40_000), after: machineClock.after }
    const running = open({ entry, clock, waitMs: 1 }).run(one, callOf())
    await expect(running).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('end with the pool, whatever runs', async () => {
    const pool = open()
    const { db, waiting } = heldRows()
    const running = pool.run(wait, callOf({ host: { db }, limits: patient }))
    await waiting.whenCount(1)
    const queued = pool.run(one, callOf({ limits: patient }))
    const refused = expect(queued).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await pool.close()
    expect(await running).toMatchObject({ failed: 'crash' })
    await refused
    await expect(pool.run(one, callOf())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})
