import type { Verification } from '#schema'
import { alwaysHolds } from './implies.ts'

/** Conditions that every row meets: they look as if they asked for something. What `unless` says is told as a rule that never holds. */
export function warnOfConditionsThatAlwaysHold({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    for (const rule of policy.rules) {
      for (const key of ['where', 'becoming'] as const) {
        const condition = rule[key]
        if (condition === null || condition === 'anything' || !alwaysHolds(condition, { entity, entities })) continue
        const message = 'Every row meets this: the condition asks for nothing.'
        const hint =
          key === 'becoming'
            ? "Write `becoming: 'anything'`."
            : 'Mend the condition, or leave it out to say what it does.'
        problems.warn('RULE_ALWAYS_HOLDS', { path: [entity.name, 'policy', rule.title, key], part: 'key' }, message, {
          hint,
        })
      }
    }
  }
}
