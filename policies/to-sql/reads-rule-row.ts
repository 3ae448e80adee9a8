import { type Condition, conditionParts } from '#schema'

/** True when a condition on related rows holds them against the row that the rule is about. */
export function readsRuleRow(condition: Condition): boolean {
  if (condition.kind === 'compare') return condition.to.kind === 'row' && condition.to.of === 'rule'
  return conditionParts(condition).some(({ where }) => readsRuleRow(where))
}
