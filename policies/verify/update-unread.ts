import { type Rule, ruleCovers, rulesFor, type Verification } from '#schema'
import { isAudienceWithin } from './rule-reach.ts'

/** Rules that let somebody update rows of whom no rule lets the same person read any: the result cannot be shown. */
export function warnOfUpdatesUnread({ model, entities, problems }: Verification): void {
  for (const { entity: name, rules } of model.policies) {
    const entity = entities.get(name)
    if (entity === undefined || entity.link !== null) continue
    const reading = rulesFor(model, entity).filter(
      (rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'),
    )
    for (const rule of rules) {
      if (rule.effect !== 'allow' || !ruleCovers(entity, rule, 'update')) continue
      const blind = blindOf(rule).filter(
        (audience) => !reading.some((other) => isAudienceWithin(audience, other.audience, model.roles)),
      )
      if (blind.length === 0) continue
      const who = blind
        .map((audience) => (audience.kind === 'roles' ? `"${audience.roles[0]}"` : 'who is allowed this'))
        .join(', ')
      const message = `No rule lets ${who} read any "${name}": the update is made, and its result is not shown.`
      const hint = 'Write a rule that allows reading the same rows.'
      problems.warn('RULE_UPDATE_UNREAD', { path: [name, 'policy', rule.title], part: 'key' }, message, { hint })
    }
  }
}

/** Each role by itself: another may read what this one may not. */
function blindOf({ audience }: Rule): readonly Rule['audience'][] {
  return audience.kind === 'roles' ? audience.roles.map((role) => ({ kind: 'roles', roles: [role] })) : [audience]
}
