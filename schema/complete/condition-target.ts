import { type ActorRefDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Condition } from '../model/condition.ts'
import type { ModelPath } from '../model/model.ts'
import { readActorComparison } from './condition-actor.ts'
import { all, type ConditionContext } from './condition-context.ts'
import { isReference, readReference } from './condition-reference.ts'
import { readWithin } from './condition-within.ts'
import { keyType } from './key-type.ts'
import { isPlainObject } from './options.ts'
import { readScalar } from './scalar.ts'
import { undefinedHint } from './undefined-hint.ts'

/** What is compared by id: a to-one relation, or the row itself. */
export interface Target {
  /** Name of the relation, or `id`. */
  readonly on: string
  /** Entity that the id belongs to. */
  readonly target: string
}

/** Reads an id, null, a value of the caller, or `{ is, isNot, in, notIn, within }` of these. */
export function readTargetTests(
  target: Target,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (!isPlainObject(given)) return compare(target, 'is', given, path, context)
  const keys = Object.keys(given)
  if (keys.length === 0) {
    context.problems.report('CONDITION_EMPTY', { path }, `This says nothing about "${target.on}".`)
    return null
  }
  return all(
    keys.map((key) => {
      if (key === 'is' || key === 'isNot') return compare(target, key, given[key], [...path, key], context)
      if (key === 'in' || key === 'notIn') return compareList(target, key, given[key], [...path, key], context)
      if (key === 'within') return readWithin(target, given[key], [...path, key], context)
      const hint = `"${target.on}" knows is, isNot, in and notIn; a condition on the row behind it stands without them.`
      const message = `"${key}" does not fit "${target.on}".`
      context.problems.report('CONDITION_OPERATOR_INVALID', { path: [...path, key], part: 'key' }, message, { hint })
      return null
    }),
  )
}

function compare(
  { on, target }: Target,
  op: 'is' | 'isNot',
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on, op, target }, given as ActorRefDeclaration, path, context)
  const { policy } = context
  if (isReference(given) && policy !== undefined)
    return readReference({ on, op, target }, given, path, { ...context, policy })
  if (given === null) return { kind: 'compare', on, op, to: { kind: 'value', value: null } }
  const id = readScalar(keyType(target, context), given)
  if (id.ok) return { kind: 'compare', on, op, to: { kind: 'value', value: id.value } }
  const message = `"${on}" is compared with an id of "${target}", a value of the caller, or null.`
  context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: undefinedHint(given, context) })
  return null
}

function compareList(
  { on, target }: Target,
  op: 'in' | 'notIn',
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on, op, target }, given as ActorRefDeclaration, path, context)
  const ids = Array.isArray(given) ? given.map((each) => readScalar(keyType(target, context), each)) : []
  if (ids.length > 0 && ids.every((id) => id.ok))
    return { kind: 'compare', on, op, to: { kind: 'list', values: ids.map((id) => id.value) } }
  const isEmpty = Array.isArray(given) && given.length === 0
  const message = isEmpty ? `The list of "${op}" is empty.` : `"${op}" needs a list of ids, or a reach of the caller.`
  context.problems.report(isEmpty ? 'CONDITION_EMPTY' : 'CONDITION_VALUE_INVALID', { path }, message)
  return null
}
