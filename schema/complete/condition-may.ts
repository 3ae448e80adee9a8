import type { MayDeclaration } from '../dsl/declaration.ts'
import type { Condition } from '../model/condition.ts'
import { verbsOf } from '../model/verbs.ts'
import type { ConditionContext, ConditionPlace } from './condition-context.ts'
import { didYouMeanHint } from './hint.ts'

/** Reads `may('read')`: the caller has the right on the row at this level, which a relation leads to. */
export function readMay(
  { verb }: MayDeclaration,
  { entity, path }: ConditionPlace,
  { policy, problems }: ConditionContext,
): Condition | null {
  const misplaced = (message: string, hint: string): null => {
    problems.report('CONDITION_MAY_MISPLACED', { path }, message, { hint })
    return null
  }
  if (policy === undefined) return misplaced('Only policies ask for rights.', 'Say what holds of the row instead.')
  if (policy.mayless !== null) return misplaced(policy.mayless, 'Say what holds of the row instead.')
  if (policy.isTop) {
    const hint = `Write it behind a relation, { order: may('read') }; or let the rule name both verbs.`
    return misplaced('`may(…)` asks for a right on a related row, not on the row that the rule is about.', hint)
  }
  const known = verbsOf(entity)
  if (typeof verb === 'string' && known.includes(verb)) return { kind: 'may', verb }
  const hint = didYouMeanHint(String(verb), known)
  problems.report('RULE_VERB_UNKNOWN', { path }, `"${entity.name}" has no verb "${String(verb)}".`, { hint })
  return null
}
