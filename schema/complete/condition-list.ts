import { type ActorRefDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Condition, Operator } from '../model/condition.ts'
import type { Field, FieldType, ModelPath } from '../model/model.ts'
import { readActorComparison } from './condition-actor.ts'
import type { ConditionContext } from './condition-context.ts'
import { readScalar } from './scalar.ts'

type ListOperator = Extract<Operator, 'has' | 'hasAny' | 'hasAll' | 'empty'>

/** True for the tests of lists. */
export function isListOperator(op: Operator): op is ListOperator {
  return op === 'has' || op === 'hasAny' || op === 'hasAll' || op === 'empty'
}

/** Reads `{ has: 'a' }`, `{ hasAny: ['a', 'b'] }`, `{ hasAll: […] }` and `{ empty: true }`. */
export function readListTest(
  field: Pick<Field, 'name' | 'type'>,
  op: ListOperator,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const { name: on, type } = field
  if (op === 'empty') {
    if (typeof given === 'boolean') return { kind: 'compare', on, op, to: { kind: 'value', value: given } }
    context.problems.report('CONDITION_VALUE_INVALID', { path }, '"empty" is `true` or `false`.')
    return null
  }
  // Only native lists have these.
  const of: FieldType = type.kind === 'list' ? type.of : type
  if (op !== 'has') return readValues({ on, op, of }, given, path, context)
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on, op, type: of }, given as ActorRefDeclaration, path, context)
  const value = readElement({ on, of }, given, path, context)
  return value === null ? null : { kind: 'compare', on, op, to: { kind: 'value', value } }
}

interface Elements {
  readonly on: string
  readonly of: FieldType
}

function readValues(
  { on, op, of }: Elements & { readonly op: 'hasAny' | 'hasAll' },
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (!Array.isArray(given) || given.length === 0) {
    const isEmpty = Array.isArray(given)
    const message = isEmpty ? `The list of "${op}" is empty.` : `"${op}" needs a list of values.`
    context.problems.report(isEmpty ? 'CONDITION_EMPTY' : 'CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const values = given.map((each: unknown, index) => readElement({ on, of }, each, [...path, index], context))
  const sound = values.filter((value) => value !== null)
  if (sound.length !== values.length) return null
  return { kind: 'compare', on, op, to: { kind: 'list', values: sound } }
}

function readElement({ on, of }: Elements, given: unknown, path: ModelPath, { problems }: ConditionContext) {
  const value = readScalar(of, given)
  if (value.ok) return value.value
  problems.report('CONDITION_VALUE_INVALID', { path }, `An element of "${on}" is compared with ${value.wanted}.`)
  return null
}
