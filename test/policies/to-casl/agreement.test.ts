import { expect, test } from 'vitest'
import { entityOf, holds, nobody } from '#policies'
import type { Condition } from '#schema'
import { casl, worldOf } from '../../agreement/back-ends.ts'
import { answered, browserOf } from '../../agreement/casl.ts'
import { conditionFrom } from '../../agreement/conditions.ts'
import { type Feature, landed } from '../../agreement/features.ts'
import { generateCase } from '../../agreement/generate.ts'
import { Random } from '../../agreement/random.ts'

const now = '2026-05-04T12:00:00.000Z'
const all = new Set<Feature>([...landed, 'reserve'])

test('generated rules: where the browser decides, it decides as the evaluator does', async () => {
  const found = { decisions: 0, allowed: 0, different: [] as string[] }
  for (let seed = 1; seed <= 60; seed++) {
    const asked = generateCase(seed, all)
    for (const { meant, found: said, attempt } of await casl(asked, worldOf(asked, now), null as never)) {
      found.decisions++
      if (meant) found.allowed++
      if (meant !== said)
        found.different.push(`seed ${seed}: ${attempt.verb} ${attempt.entity} ${JSON.stringify(attempt.row)}`)
    }
  }
  expect(found.different).toEqual([])
  expect(found.decisions).toBeGreaterThan(20_000)
  expect(found.allowed).toBeGreaterThan(1_000)
})

test('generated conditions over own fields, as an allow, a denial and an exception', () => {
  const found = { decided: 0, met: 0, different: [] as string[] }
  const cases = Array.from({ length: 40 }, (_, seed) => generateCase(seed, new Set()))
  for (let seed = 1; seed <= 400; seed++) {
    const asked = cases[seed % 40]!
    const random = new Random(seed)
    const entity = asked.model.entities.find(({ name }) => name === 'Item')!
    const where = conditionFrom(random, { entity, model: asked.model, features: new Set(), becoming: false }, 2)
    for (const rules of rulesWith(where)) {
      const policies = asked.model.policies.map((policy) => (policy.entity === 'Item' ? { ...policy, rules } : policy))
      const world = worldOf({ ...asked, model: { ...asked.model, policies } }, now)
      for (const caller of [...asked.callers, nobody]) {
        const { can } = browserOf(caller, world)
        for (const row of asked.rows.Item!) {
          const said = can('read', entity, row)
          if (said === 'ask') continue
          const meant = holds({ kind: 'may', verb: 'read' }, { world, caller, entity: 'Item', row })
          found.decided++
          if (meant) found.met++
          if (meant !== said)
            found.different.push(
              `${JSON.stringify(where)} ${JSON.stringify(answered(row, entityOf(world.index, 'Item'), world))}`,
            )
        }
      }
    }
  }
  expect(found.different).toEqual([])
  expect(found.decided).toBeGreaterThan(20_000)
  expect(found.met).toBeGreaterThan(5_000)
})

const rule = {
  audience: { kind: 'everyone' },
  verbs: ['read'],
  where: null,
  becoming: null,
  unless: null,
  fields: null,
  sets: [],
  because: null,
} as const

function rulesWith(where: Condition) {
  const open = { ...rule, title: 'open', effect: 'allow' } as const
  return [
    [{ ...open, where }],
    [open, { ...rule, title: 'shut', effect: 'deny', where } as const],
    [open, { ...rule, title: 'shut', effect: 'deny', unless: where } as const],
  ]
}
