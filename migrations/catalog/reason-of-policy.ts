import type { Model } from '#schema'
import { policyName } from './policies.ts'

/** What the deny says that a policy of that name refuses new rows for; null for any other policy. */
export function reasonOfPolicy(model: Model, name: string): string | null {
  for (const { entity, rules } of model.policies)
    for (const rule of rules)
      if (rule.effect === 'deny' && rule.because !== null && policyName({ name: entity }, rule, 'insert') === name)
        return rule.because
  return null
}
