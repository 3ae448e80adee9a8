import { afterAll, describe, expect, test } from 'vitest'
import { RequestError } from '../../base/index.ts'
import { openScriptPool, type RunRecord, replayRun, type ScriptHost, type ScriptLimits } from '../../scripts/index.ts'
import { bodyOf, callOf, rowsOf } from './support/host.ts'

const pool = openScriptPool({ threads: 2, waitMs: 60_000, graceMs: 60_000 })
afterAll(() => pool.close())

async function recorded(
  body: string,
  host: Partial<ScriptHost> = {},
  limits: Partial<ScriptLimits> = {},
): Promise<RunRecord> {
  const input = { a: [1, 'b'] }
  const outcome = await pool.run(
    bodyOf(body),
    callOf({ input, record: true, host, limits: { timeMs: 60_000, ...limits } }),
  )
  // As it is kept.
  return JSON.parse(JSON.stringify(outcome.record))
}

/** Rows that answer in an order that nobody would guess. */
function unordered() {
  const held: (() => void)[] = []
  return {
    ...rowsOf(),
    get: (_: string, id: unknown) =>
      new Promise<{ id: unknown }>((resolve) => {
        held.push(() => resolve({ id }))
        if (held.length === 4) for (const at of [2, 0, 3, 1]) held[at]!()
      }),
  }
}

describe('a run that is replayed', () => {
  test('has the time, the random numbers and the answers of then, in their order', async () => {
    const body = `const order = []
      await Promise.all(['1', '2', '3', '4'].map((id) => db.get('Order', id).then((row) => order.push(row.id))))
      log('found', order)
      return { order, input, at: new Date(), random: [Math.random(), Math.random()] }`
    const record = await recorded(body, { db: unordered() })
    expect(record.answers.map(({ call }) => call)).not.toEqual([1, 2, 3, 4])
    const again = await replayRun(pool, bodyOf(body), record)
    expect(again).toMatchObject(record.end)
    expect(record.lines).toEqual([expect.stringMatching(/^found \["3",/)])
  })

  test('meets the refusals of then', async () => {
    const db = { ...rowsOf(), create: () => Promise.reject(new RequestError('FORBIDDEN', 'No rule lets you.')) }
    const body = "try { await db.create('Order', {}) } catch (e) { raise('refused', e.code + ' ' + e.message) }"
    const record = await recorded(body, { db })
    expect(record.end).toEqual({ raised: { code: 'refused', message: 'FORBIDDEN No rule lets you.' } })
    expect(await replayRun(pool, bodyOf(body), record)).toMatchObject(record.end)
  })

  test('ends where it ended while it waited', async () => {
    const db = { ...rowsOf(), act: () => new Promise(() => {}) }
    const body = "await db.get('Order', '1'); await db.act('Order', 'wait', '1')"
    const record = await recorded(body, { db }, { timeMs: 300 })
    expect(record.end).toMatchObject({ failed: 'timeout' })
    const patient = { ...record, limits: { ...record.limits, timeMs: 60_000 } }
    // On a machine so busy that nothing was asked there is nothing to wait for.
    const then = record.calls.length === 2 ? { failed: 'timeout' } : {}
    expect(await replayRun(pool, bodyOf(body), patient)).toMatchObject(then)
  })

  test('says where another script goes another way', async () => {
    const record = await recorded("return await db.get('Order', '1')")
    const other = await replayRun(pool, bodyOf("return await db.get('Order', '2')"), record)
    expect(other).toMatchObject({ failed: 'error', message: expect.stringContaining('question 1 is "get"') })
    const more = await replayRun(pool, bodyOf("await db.get('Order', '1'); return await db.find('Order')"), record)
    expect(more).toMatchObject({ failed: 'error', message: expect.stringContaining('question 2 is "find"') })
  })

  test('asks nothing of any host', async () => {
    const db = rowsOf()
    const record = await recorded("return await db.find('Order')", { db })
    db.asked.length = 0
    await replayRun(pool, bodyOf("return await db.find('Order')"), record)
    expect(db.asked).toEqual([])
  })
})

test('random numbers differ from run to run, unless their seed is the same', async () => {
  const body = bodyOf('return [Math.random(), Math.random()]')
  const limits = { timeMs: 60_000 }
  const outputs = async (seed?: readonly number[]) => {
    const outcome = await pool.run(body, callOf({ limits, ...(seed === undefined ? {} : { seed }) }))
    return 'output' in outcome ? (outcome.output as readonly number[]) : []
  }
  expect(await outputs([1, 2, 3, 4])).toEqual(await outputs([1, 2, 3, 4]))
  const [one, two] = [await outputs(), await outputs()]
  expect(one).not.toEqual(two)
  for (const number of [...one, ...two]) expect(number >= 0 && number < 1).toBe(true)
})
