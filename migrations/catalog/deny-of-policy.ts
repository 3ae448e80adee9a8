import type { Model, Rule } from '#schema'
import { policyName } from './policies.ts'

/** The deny that a policy of that name refuses new rows for; null for any other policy. */
export function denyOfPolicy(model: Model, name: string): Rule | null {
  for (const { entity, rules } of model.policies)
    for (const rule of rules)
      if (rule.effect === 'deny' && policyName({ name: entity }, rule, 'insert') === name) return rule
  return null
}
