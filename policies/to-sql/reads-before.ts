import { type Condition, conditionParts } from '#schema'

/** True when a condition asks what the row was before its change: only the guard knows. */
export function readsBefore(condition: Condition): boolean {
  if (condition.kind === 'compare') return condition.to.kind === 'was'
  return conditionParts(condition).some(({ where }) => readsBefore(where))
}
