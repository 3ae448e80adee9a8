import { expect, test } from 'vitest'
import { type ScriptLine, ScriptLines } from '../../scripts/pool/script-lines.ts'

function logging() {
  const told: ScriptLine[] = []
  const now = { ms: 1_000 }
  const clock = { now: () => now.ms, after: () => () => {} }
  const lines = new ScriptLines((line) => told.push(line), clock)
  const log = (tenant: string, line: string, secrets: readonly string[] = []) =>
    lines.logged({ tenant, script: 'scripts/a', version: 3, line }, secrets)
  return { told, now, log }
}

test('a tenant that logs without end is cut off for a minute, and another one is not', () => {
  const { told, now, log } = logging()
  for (let n = 0; n < 1_000; n++) log('a', `${n}`)
  expect(told).toHaveLength(301)
  expect(told.at(-1)).toEqual({
    ...{ tenant: 'a', script: 'scripts/a', version: 3 },
    line: '(further lines of this minute are left out)',
  })
  log('b', 'mine')
  expect(told.at(-1)).toMatchObject({ tenant: 'b', line: 'mine' })
  now.ms += 60_000
  log('a', 'again')
  expect(told.at(-1)).toMatchObject({ tenant: 'a', line: 'again' })
})

test('long lines are cut, and values of secrets never stand in one', () => {
  const { told, log } = logging()
  log('a', 'x'.repeat(5_000))
  expect(told[0]!.line).toBe(`${'x'.repeat(500)}…`)
  log('a', 'key sk_live_1 and sk_live_12', ['sk_live_1', 'sk_live_12', ''])
  expect(told[1]!.line).toBe('key [secret] and [secret]')
  // What is cut off must not leave half of one.
  log('a', `${'y'.repeat(495)}sk_live_12`, ['sk_live_12'])
  expect(told[2]!.line).not.toContain('sk_')
})
