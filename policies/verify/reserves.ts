import type { Entity, ModelPath, Problems, Rule, Verification } from '#schema'
import { isFieldVerb } from './rules.ts'

/** A rule that reserves speaks of fields that somebody else could read or write, and of whom they are kept for. */
export function verifyReserves({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    for (const rule of policy.rules) if (rule.effect === 'reserve') verifyReserve(rule, entity, problems)
  }
}

function verifyReserve(rule: Rule, entity: Entity, problems: Problems): void {
  const path: ModelPath = [entity.name, 'policy', rule.title]
  const report = (at: ModelPath, message: string, hint: string) =>
    problems.report('RULE_RESERVE_INVALID', { path: [...path, ...at] }, message, { hint })
  if (rule.verbs === 'anything' || !rule.verbs.every(isFieldVerb))
    report(['to'], 'Fields are reserved for reading, creating and updating.', "Write `to: ['read', 'update']`.")
  const { kind } = rule.audience
  if (kind === 'everyone' || kind === 'except') {
    const hint = 'Name roles, or `signedIn`: whoever gains a role never loses rights.'
    report(['for'], 'Nothing is kept from anybody.', hint)
  }
  for (const name of entity.key.filter((each) => rule.fields?.includes(each)))
    report(['reserve', name], `"${name}" shows with the row: it says which row it is.`, 'Hide rows instead.')
}
