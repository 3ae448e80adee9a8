import { columnField } from '../model/column-fields.ts'
import type { Comparison, Condition } from '../model/condition.ts'
import type { Entity, FieldType } from '../model/model.ts'
import { type Known, orderOf } from './scalar-order.ts'

/**
 * Whether a condition holds of a row of which some values are known: true, false, or null where it depends on the others.
 *
 * @param known values by name of field; what is not in it may be anything
 */
export function truthOf(condition: Condition, entity: Entity, known: ReadonlyMap<string, Known>): boolean | null {
  switch (condition.kind) {
    case 'and':
      return every(condition.all.map((each) => truthOf(each, entity, known)))
    case 'or':
      return inverse(every(condition.any.map((each) => inverse(truthOf(each, entity, known)))))
    case 'not':
      return inverse(truthOf(condition.not, entity, known))
    case 'path':
      return null
    case 'compare':
      return compared(condition, entity, known)
    default:
      return null
  }
}

function every(parts: readonly (boolean | null)[]): boolean | null {
  return parts.includes(false) ? false : parts.includes(null) ? null : true
}

function inverse(truth: boolean | null): boolean | null {
  return truth === null ? null : !truth
}

function compared({ on, op, to }: Comparison, entity: Entity, known: ReadonlyMap<string, Known>): boolean | null {
  const left = known.get(on)
  const type = columnField(entity, on)?.type
  if (left === undefined || type === undefined) return null
  if (to.kind === 'list') {
    const isIn = to.values.some((value) => orderOf(type, left, value) === 0)
    return op === 'notIn' ? !isIn : isIn
  }
  if (to.kind === 'value' && to.value === null) return op === 'isNot'
  const right = to.kind === 'value' ? to.value : to.kind === 'row' ? known.get(to.name) : undefined
  return right === undefined || right === null ? null : decide(type, op, left, right)
}

function decide(type: FieldType, op: Comparison['op'], left: Known, right: Known): boolean | null {
  if (op === 'startsWith') return String(left).startsWith(String(right))
  if (op === 'endsWith') return String(left).endsWith(String(right))
  if (op === 'contains') return String(left).includes(String(right))
  const order = orderOf(type, left, right)
  if (op === 'is') return order === 0
  if (op === 'isNot') return order !== 0
  if (order === null) return null
  if (op === 'under') return order < 0
  if (op === 'atMost') return order <= 0
  if (op === 'over') return order > 0
  return op === 'atLeast' ? order >= 0 : null
}
