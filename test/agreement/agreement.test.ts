import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverUrl } from '../support/database.ts'
import { agree } from './agree.ts'
import { worldOf } from './back-ends.ts'
import { Laboratory } from './database.ts'
import { landed } from './features.ts'
import { generateCase } from './generate.ts'
import { judge, type Sight } from './judge.ts'
import { printDifference } from './print-difference.ts'
import { shrink } from './shrink.ts'

let laboratory: Laboratory

beforeAll(async () => {
  laboratory = await Laboratory.open(await serverUrl())
})

afterAll(() => laboratory?.close())

test('row security, the set-wise SQL and the evaluator decide alike', async () => {
  const told: string[] = []
  const done = await agree(laboratory, {
    decisions: 10_000,
    seed: 4,
    features: landed,
    tell: (line) => told.push(line),
  })
  expect(told.join('\n')).toBe('')
  expect(done).toMatchObject({ decisions: 10_000, differences: 0 })
  // The sample is not all or nothing.
  expect(done.allowed).toBeGreaterThan(1000)
  expect(done.allowed).toBeLessThan(9000)
})

test('a difference is found, and shrunk to what brings it about', async () => {
  // The database enforces denials of which the evaluator is not told.
  const withoutDenials: Sight = (each, now) => {
    const policies = each.model.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.filter(({ effect }) => effect !== 'deny'),
    }))
    return worldOf({ ...each, model: { ...each.model, policies } }, now)
  }
  const seed = 29
  const asked = generateCase(seed, landed)
  const verdicts = await judge(laboratory, asked, { sight: withoutDenials, only: 'row security' })
  const first = verdicts.find(({ meant, found }) => meant && !found)
  expect(first).toBeDefined()
  const least = await shrink(laboratory, { asked, verdict: first! }, { sight: withoutDenials, mostRuns: 30 })
  const effects = least.asked.model.policies.flatMap(({ rules }) => rules.map(({ effect }) => effect))
  expect(effects.filter((each) => each === 'deny')).toHaveLength(1)
  expect(effects.length).toBeLessThan(5)
  expect(Object.values(least.asked.rows).flat().length).toBeLessThan(5)
  const told = printDifference(seed, least, 1)
  expect(told).toContain('deny:')
  expect(told).toContain('npm run agreement -- --decisions 1 --seed 29 --whole')
})
