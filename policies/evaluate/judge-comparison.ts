import { type Comparison, type FieldType, type Operand, type Operator, toOnesOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import { compareValues, isEmpty, positiveOf, testList } from './compare.ts'
import type { ClauseTrace, RowValue, Truth } from './decision.ts'
import { readName, readOperand } from './operand.ts'
import type { Place } from './place.ts'
import { keyOf, oneOf } from './rows.ts'
import { textOf } from './text-of.ts'
import { beyond, isList, type Known, type Value, written } from './value.ts'

/** What a comparison of the row comes to. */
export function judgeComparison(condition: Comparison, place: Place): ClauseTrace {
  const { on, op, to } = condition
  const left = readName(on, place)
  const type = comparedType(left.type, op)
  const right = op === 'empty' ? readOperand(to, { kind: 'boolean' }, place) : readOperand(to, type, place)
  const truth =
    op === 'within'
      ? isWithinTree(condition, asList(right), place)
      : asksForNull(condition.to)
        ? testNull(op, left.value)
        : compared(op, left.value, right, type)
  return {
    condition,
    truth,
    parts: [],
    rows: [],
    compared: { left: written(left.value), right: written(right as Known) as RowValue },
  }
}

/** A period meets days or instants, but overlaps a period; a test of elements meets the elements. */
function comparedType(held: FieldType, op: Operator): FieldType {
  if (held.kind === 'period' && op !== 'overlaps' && op !== 'is' && op !== 'isNot') return { kind: held.of }
  return held.kind === 'list' && (op === 'has' || op === 'hasAny' || op === 'hasAll') ? held.of : held
}

/** Only null itself asks whether there is a value; of two values that are missing none is known to be the other. */
export function asksForNull(to: Operand): boolean {
  return to.kind === 'value' && to.value === null
}

/** A comparison with null itself; what is out of range is not there either. */
export function testNull(op: Operator, left: Known): Truth {
  if (op === 'is' || op === 'isNot') return (left === null || left === beyond) === (op === 'is')
  return op === 'notIn'
}

/**
 * Whether two values compare so. A comparison with what is missing is false, and the negative operators are exact complements; of what is out of
 * range nobody knows.
 */
export function compared(op: Operator, left: Known, right: Known | readonly Value[], type: FieldType): Truth {
  const positive = positiveOf(op)
  if (positive !== null) {
    const truth = compared(positive, left, right, type)
    return truth === null ? null : !truth
  }
  if (left === beyond || right === beyond) return null
  if (left === null) return false
  if (op === 'empty') return isEmpty(left) === right
  if (op === 'has') return right !== null && testList('has', left, asList(right), type.kind)
  if (op === 'hasAny' || op === 'hasAll') return testList(op, left, asList(right), type.kind)
  if (op === 'in') return asList(right).some((each) => each !== null && compareValues('is', left, each, type))
  if (right === null) return false
  return compareValues(op, left, right as Value, type)
}

function asList(value: Known | readonly Value[]): readonly Value[] {
  if (value === beyond) return []
  return isList(value) ? value : [value as Value]
}

/**
 * Whether the row is one of those, or below one of them in its tree: it is looked for upward, over live rows. The row that is judged is
 * there whatever it is; the one that a link leads to must be live.
 */
function isWithinTree({ on }: Comparison, roots: readonly Value[], place: Place): boolean {
  const { entity, world } = place
  const wanted = new Set(roots.filter((each) => each !== null).map((each) => textOf(written(each))))
  const link = toOnesOf(entity).find(({ name }) => name === on)
  const from = link === undefined ? place : oneOf(on, place)
  const found = new Map<string, Place>()
  for (let each = from; each !== null && !found.has(keyOf(each)); ) {
    if (wanted.has(keyOf(each))) return true
    found.set(keyOf(each), each)
    const { tree } = entityOf(world.index, each.entity.name)
    each = tree === null ? null : oneOf(tree, each)
  }
  return false
}
