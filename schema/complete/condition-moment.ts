import type { MomentDeclaration } from '../dsl/declaration.ts'
import type { Condition, Operator } from '../model/condition.ts'
import type { Field, FieldType, ModelPath } from '../model/model.ts'
import type { ConditionContext } from './condition-context.ts'
import { readShift } from './span.ts'

/** A comparison whose other side is a moment as seen from now. */
export interface MomentComparison {
  readonly field: Pick<Field, 'name'>
  /** What the moment is compared with: of periods their ends. */
  readonly type: FieldType
  readonly op: Operator
}

/** Reads `now`, `ago({ days: 30 })` and `ahead({ hours: 1 })`. */
export function readMomentComparison(
  { field, type, op }: MomentComparison,
  given: MomentDeclaration,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const report = (message: string, hint: string): null => {
    context.problems.report('CONDITION_MOMENT_INVALID', { path }, message, { hint })
    return null
  }
  if (context.policy === undefined) return report(...notAsked(context))
  if (type.kind !== 'date' && type.kind !== 'datetime')
    return report(`"${field.name}" is compared with a moment, but holds none.`, 'Instants and days are moments.')
  if (given.way === 'now') return { kind: 'compare', on: field.name, op, to: { kind: 'now', by: null } }
  const by = readShift(given)
  if (typeof by === 'string') return report(`"${given.way}" ${by}.`, `Write ${given.way}({ days: 14 }).`)
  if (type.kind === 'date' && by.seconds !== 0)
    return report(`"${field.name}" is a day, and a day is whole.`, `Here "${given.way}" takes days and longer.`)
  return { kind: 'compare', on: field.name, op, to: { kind: 'now', by } }
}

function notAsked({ isAcrossRows }: ConditionContext): readonly [string, string] {
  return isAcrossRows
    ? ['Conditions inside of formulas know no moment.', 'Compare with nowAt() or today() in the formula itself.']
    : [
        'What always holds of a row cannot depend on the moment.',
        'Say it in a rule of a policy, or in a computed field.',
      ]
}
