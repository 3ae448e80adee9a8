import { kindOf, type RowRefDeclaration } from '../dsl/declaration.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Condition, Operator } from '../model/condition.ts'
import type { Field, FieldType, ModelPath } from '../model/model.ts'
import { storedOf } from '../model/stored.ts'
import type { ConditionContext } from './condition-context.ts'
import { readReference } from './condition-reference.ts'
import { didYouMeanHint } from './hint.ts'
import { differenceOf, isSame } from './same-type.ts'

/** A comparison whose other side is another field of the same row. */
export interface RowComparison {
  readonly field: Pick<Field, 'name' | 'type'>
  /** What the field is compared as: of periods their ends. */
  readonly type: FieldType
  readonly op: Operator
}

/** Reads `row('wantedOn')`: a field of the same row and the same type. */
export function readRowComparison(
  { field, type, op }: RowComparison,
  given: RowRefDeclaration,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const { policy } = context
  if (policy !== undefined) return readReference({ on: field.name, op, type }, given, path, { ...context, policy })
  if (kindOf(given) !== 'rowRef') return misplaced(given, path, context)
  const { name } = given
  const fault = faultOf(field, name, context)
  if (fault === null) return { kind: 'compare', on: field.name, op, to: { kind: 'row', name } }
  context.problems.report(fault.code, { path }, fault.message, { hint: fault.hint })
  return null
}

/** `its(…)` and `was(…)` are words of policies. */
function misplaced(given: RowRefDeclaration, path: ModelPath, { problems, isAcrossRows }: ConditionContext): null {
  const isBefore = kindOf(given) === 'wasRef'
  const code = isBefore ? 'CONDITION_WAS_MISPLACED' : 'CONDITION_ROW_MISPLACED'
  const hint = isAcrossRows || isBefore ? 'Say it in a rule of a policy.' : `Write row('${given.name}').`
  problems.report(code, { path }, `\`${isBefore ? 'was' : 'its'}(…)\` is known in policies alone.`, { hint })
  return null
}

interface Fault {
  readonly code: 'POLICY_PATH_UNKNOWN' | 'CONDITION_VALUE_INVALID'
  readonly message: string
  readonly hint: string | null
}

function faultOf(field: RowComparison['field'], name: string, context: ConditionContext): Fault | null {
  const { row } = context
  if (context.isAcrossRows || row === undefined) {
    const hint = 'Rules of an entity know it; elsewhere a computed field says the difference: days(o.dueOn, o.sentOn).'
    return { code: 'CONDITION_VALUE_INVALID', message: '`row(…)` is not supported in formulas.', hint }
  }
  const known = [...columnFields(row), ...storedOf(row)]
  const comparable = known.filter((each) => each.name !== field.name && isSame(field.type, each.type))
  const hint = didYouMeanHint(
    name,
    comparable.map((each) => each.name),
  )
  const isComputed = row.computed.some((each) => each.name === name && !each.stored)
  if (isComputed && context.computedRefused !== undefined)
    return {
      code: 'CONDITION_VALUE_INVALID',
      message: context.computedRefused,
      hint: 'Say `stored: true` where it is declared.',
    }
  const other = known.find((each) => each.name === name)
  if (other === undefined)
    return { code: 'POLICY_PATH_UNKNOWN', message: `"${row.name}" has no field "${name}".`, hint }
  if (other.name === field.name) {
    const message = `"${name}" is compared with itself.`
    return { code: 'CONDITION_VALUE_INVALID', message, hint }
  }
  if (isSame(field.type, other.type)) return null
  const message = `"${field.name}" cannot be compared with "${name}": they are ${differenceOf(field, other)}.`
  return { code: 'CONDITION_VALUE_INVALID', message, hint }
}
