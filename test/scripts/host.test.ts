import { afterAll, describe, expect, test } from 'vitest'
import { RequestError } from '../../base/index.ts'
import { openScriptPool, type ScriptHost, type ScriptLimits } from '../../scripts/index.ts'
import { bodyOf, callOf, rowsOf } from './support/host.ts'

const pool = openScriptPool({ threads: 2, waitMs: 60_000, graceMs: 60_000 })
afterAll(() => pool.close())

function run(body: string, host: Partial<ScriptHost> = {}, limits: Partial<ScriptLimits> = {}) {
  return pool.run(bodyOf(body), callOf({ host, limits: { timeMs: 60_000, ...limits } }))
}

describe('refusals of the host', () => {
  const refusal = new RequestError('FORBIDDEN', 'No rule lets you.', { entity: 'Order' })
  const db = { ...rowsOf(), create: () => Promise.reject(refusal) }

  test('are errors with a code, which a script may catch', async () => {
    const body =
      "try { await db.create('Order', {}) } catch (e) { return { code: e.code, message: e.message, entity: e.extensions.entity } }"
    expect(await run(body, { db })).toMatchObject({
      output: { code: 'FORBIDDEN', message: 'No rule lets you.', entity: 'Order' },
    })
  })

  test('end a script that does not, and are known to who asked for the run', async () => {
    const outcome = await run("await db.create('Order', {})", { db })
    expect(outcome).toMatchObject({ failed: 'error', message: 'No rule lets you.' })
    expect('cause' in outcome && outcome.cause).toBe(refusal)
  })

  test('of another kind tell nothing of the inside', async () => {
    const broken = { ...rowsOf(), get: () => Promise.reject(new Error('password of postgres: hunter2')) }
    const outcome = await run(
      "try { await db.get('Order', '1') } catch (e) { return [e.code, e.message, Object.keys(e)] }",
      { db: broken },
    )
    expect(outcome).toMatchObject({
      output: ['INTERNAL', 'The host could not answer.', ['name', 'code', 'extensions']],
    })
  })
})

test('a condition on what is undefined is refused where JSON would leave it out, and every row be found', async () => {
  const asked: unknown[] = []
  const db = {
    ...rowsOf(),
    find: async (...values: readonly unknown[]) => {
      asked.push(values)
      return []
    },
  }
  const conditions = ['{ number: undefined }', '{ number: { is: undefined } }', '{ anyOf: [{ number: ({}).absent }] }']
  for (const where of conditions)
    expect(await run(`await db.find('Order', { where: ${where} })`, { db })).toMatchObject({
      failed: 'error',
      message: expect.stringMatching(
        /"(number|is)" is compared with undefined: leave it out, or say what is looked for\./,
      ),
    })
  expect(asked).toEqual([])
  await run("await db.find('Order'); await db.find('Order', { first: undefined, where: { number: null } })", { db })
  expect(asked).toEqual([
    ['Order', { first: 100 }],
    ['Order', { first: 100, where: { number: null } }],
  ])
})

describe('limits', () => {
  const many = rowsOf(Array.from({ length: 500 }, (_, at) => ({ id: String(at), text: 'x'.repeat(1_000) })))

  test('of rows end the script, whatever it does about it', async () => {
    const body = "for (;;) { try { await db.find('Order', { first: 100 }) } catch {} }"
    expect(await run(body, { db: many }, { rows: 250 })).toMatchObject({ failed: 'rows', rows: 251 })
  })

  test('of rows hold for what is written', async () => {
    expect(await run("for (;;) await db.create('Order', {})", {}, { rows: 3 })).toMatchObject({
      failed: 'rows',
      hostCalls: 4,
    })
  })

  test('of questions end the script', async () => {
    expect(await run("for (;;) await db.get('Order', '1')", {}, { hostCalls: 3 })).toMatchObject({
      failed: 'host-calls',
      hostCalls: 3,
    })
  })

  test('of answers are told to the script', async () => {
    const body = "try { await db.find('Order', { first: 500 }) } catch (e) { return e.code }"
    expect(await run(body, { db: many }, { answerBytes: 10_000 })).toMatchObject({ output: 'LIMIT' })
  })

  test('of output count bytes', async () => {
    expect(await run("return 'é'.repeat(60)", {}, { outputBytes: 100 })).toMatchObject({ failed: 'output' })
    expect(await run("return 'e'.repeat(60)", {}, { outputBytes: 100 })).toMatchObject({ output: 'e'.repeat(60) })
  })

  test('keep lists as long as pages are', async () => {
    const asked: unknown[] = []
    const db = { ...rowsOf(), find: (_: string, query: unknown) => Promise.resolve(asked.push(query) === 0 ? [] : []) }
    await run("await db.find('Order'); await db.find('Order', { first: 5000 })", { db })
    expect(asked).toEqual([{ first: 100 }, { first: 1_000 }])
  })
})

describe('what crosses', () => {
  test('is plain data: texts for instants, nothing for what is no data', async () => {
    const asked: object[] = []
    const db = {
      ...rowsOf(),
      create: (_: string, values: object) => Promise.resolve({ id: String(asked.push(values)) }),
    }
    await run(
      "await db.create('Order', { at: new Date(0), run: () => 1, none: undefined, list: [undefined], map: new Map([[1, 2]]) })",
      { db },
    )
    expect(asked).toEqual([{ at: '1970-01-01T00:00:00.000Z', list: [null], map: {} }])
  })

  test('keeps exact numbers as texts', async () => {
    const db = { ...rowsOf(), get: () => Promise.resolve({ id: '1', big: 9_007_199_254_740_993n, sum: '12.50' }) }
    expect(await run("return await db.get('Order', '1')", { db })).toMatchObject({
      output: { id: '1', big: '9007199254740993', sum: '12.50' },
    })
    expect(await run('return 1n')).toMatchObject({ failed: 'error', message: expect.stringContaining('String(value)') })
  })

  test('rows are known by keys of several values too', async () => {
    const asked: unknown[] = []
    const db = { ...rowsOf(), get: (_: string, id: unknown) => Promise.resolve(asked.push(id) === 0 ? null : null) }
    await run("await db.get('Depot', { country: 'SE', code: 'x' })", { db })
    expect(asked).toEqual([{ country: 'SE', code: 'x' }])
  })

  test.each([
    'await db.get(1, 2)',
    "await db.create('Order', 'x')",
    "await db.find('Order', { first: '1' })",
    "await db.update('Order', '1', [])",
  ])('%s is VALIDATION', async (body) => {
    const outcome = await run(body)
    expect('cause' in outcome && outcome.cause).toMatchObject({ code: 'VALIDATION' })
  })

  test('validate tells the faults of values', async () => {
    const validate = (entity: string, values: object) =>
      Promise.resolve([{ field: Object.keys(values)[0]!, message: `Not in ${entity}.` }])
    expect(await run("return await validate('Order', { number: '' })", { validate })).toMatchObject({
      output: [{ field: 'number', message: 'Not in Order.' }],
    })
  })
})
