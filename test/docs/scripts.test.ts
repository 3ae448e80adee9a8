import { afterAll, expect, test } from 'vitest'
import { compileScript, openScriptPool } from '../../scripts/index.ts'
import { callOf, rowsOf } from '../scripts/support/host.ts'
import { readBlocks } from './read-document.ts'

/** The scripts of the guide are run. */
const scripts = new Map(
  readBlocks('docs/guide/behaviour/scripts.md').flatMap(({ marks, text }) => {
    const name = /^(scripts\/.*)\.ts$/.exec(marks.file ?? '')?.[1]
    return name === undefined ? [] : [[name, compileScript(name, text)] as const]
  }),
)
const pool = openScriptPool({ threads: 1, waitMs: 60_000, graceMs: 60_000 })
afterAll(() => pool.close())
const limits = { timeMs: 60_000 }

test('"frank" puts stamps on a parcel, if there are enough', async () => {
  const changed: object[] = []
  const update = (_: string, id: unknown, values: object) =>
    Promise.resolve({ id, ...values, at: changed.push(values) })
  const row = { id: '1', number: 'P-1', grams: 700 }
  const frank = (stamps: readonly number[]) =>
    pool.run(
      scripts.get('scripts/frank')!.script!,
      callOf({ input: { stamps }, row, limits, host: { db: { ...rowsOf(), update } } }),
    )
  expect(await frank([500, 405])).toMatchObject({ output: { left: 5 } })
  expect(changed).toEqual([{ postage: '9.05' }])
  expect(await frank([500])).toMatchObject({
    raised: { code: 'underpaid', message: 'P-1 needs 900 cents, and has 500.', fields: ['stamps'] },
  })
})

test('"track" may ask nobody unless the app says so', async () => {
  const outcome = await pool.run(scripts.get('scripts/track')!.script!, callOf({ row: { number: 'P-1' }, limits }))
  expect(outcome).toMatchObject({ failed: 'error', message: 'Scripts of this app may send no requests.' })
})

test('the limits of the guide are those of runs', async () => {
  const { defaultLimits } = await import('../../scripts/index.ts')
  expect(defaultLimits).toMatchObject({
    timeMs: 1_000,
    hostCalls: 200,
    httpCalls: 10,
    rows: 10_000,
    logLines: 100,
    logCharacters: 2_000,
  })
  expect(defaultLimits).toMatchObject({ outputBytes: 262_144, callBytes: 262_144, answerBytes: 1_048_576 })
})
