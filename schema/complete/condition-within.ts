import { type ActorRefDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Condition } from '../model/condition.ts'
import type { ModelPath } from '../model/model.ts'
import { readActorComparison } from './condition-actor.ts'
import type { ConditionContext } from './condition-context.ts'
import type { Target } from './condition-target.ts'
import { keyType } from './key-type.ts'
import { readScalar } from './scalar.ts'
import { undefinedHint } from './undefined-hint.ts'

/** Reads what stands behind `within`: an id, a list of ids, or a value of the caller; of an entity whose rows are a tree. */
export function readWithin(
  { on, target }: Target,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const { entities, policy, problems } = context
  const entity = entities.get(target)
  if (policy === undefined) {
    const message = '`within` looks at other rows.'
    const hint = 'Policies may ask it; here something is said of the row alone.'
    problems.report('CONDITION_OPERATOR_INVALID', { path, part: 'key' }, message, { hint })
    return null
  }
  if (entity === undefined || entity.tree === null) {
    const message = `"within" does not fit "${on}": the rows of "${target}" are no tree.`
    const hint = `Say \`tree: 'parent'\` in "${target}", or write "in".`
    problems.report('CONDITION_OPERATOR_INVALID', { path, part: 'key' }, message, { hint })
    return null
  }
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on, op: 'within', target }, given as ActorRefDeclaration, path, context)
  const isList = Array.isArray(given)
  if (isList && given.length === 0) {
    problems.report('CONDITION_EMPTY', { path }, 'The list of "within" is empty.')
    return null
  }
  const ids = (isList ? given : [given]).map((each: unknown) => readScalar(keyType(target, context), each))
  if (ids.every((id) => id.ok)) {
    const values = ids.map((id) => id.value)
    const to = isList ? ({ kind: 'list', values } as const) : ({ kind: 'value', value: values[0]! } as const)
    return { kind: 'compare', on, op: 'within', to }
  }
  const message = `"within" needs an id of "${target}", a list of ids, or a value of the caller.`
  problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: undefinedHint(given, context) })
  return null
}
