import type { FieldType, Operator } from '#schema'
import { clockMicros, microsOf } from './calendar.ts'
import { compareExact } from './exact.ts'
import { textOf } from './text-of.ts'
import { isExact, isList, isSpan, type Span, type Value } from './value.ts'

type Orderable = FieldType['kind']

/** Negative, zero or positive, of two values of that kind that are there. Text goes by code point. */
export function order(a: Value, b: Value, kind: Orderable): number {
  if (isExact(a) && isExact(b)) return compareExact(a, b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return Number(a) - Number(b)
  const [left, right] = [textOf(a), textOf(b)]
  if (kind === 'datetime') return sign(microsOf(left) - microsOf(right))
  if (kind === 'time') return sign(clockMicros(left) - clockMicros(right))
  return byCodePoint(left, right)
}

/** Whether the two are one value. */
export function same(a: Value, b: Value, kind: Orderable): boolean {
  return order(a, b, kind) === 0
}

/** Operators whose answer is the opposite of another's: `isNot` of `is`, `notIn` of `in`. */
export function positiveOf(op: Operator): Operator | null {
  return op === 'isNot' ? 'is' : op === 'notIn' ? 'in' : null
}

/** A comparison of two values that are there, by any operator but the negative ones, those of lists and `within`. */
export function compareValues(op: Operator, left: Value, right: Value, type: FieldType): boolean {
  if (isSpan(left)) return compareSpans(op, left, right, type)
  const text = (): readonly [string, string] => [textOf(left), textOf(right)]
  switch (op) {
    case 'is':
    case 'in':
      return same(left, right, type.kind)
    case 'under':
      return order(left, right, type.kind) < 0
    case 'atMost':
      return order(left, right, type.kind) <= 0
    case 'over':
      return order(left, right, type.kind) > 0
    case 'atLeast':
      return order(left, right, type.kind) >= 0
    case 'startsWith':
      return text()[0].startsWith(text()[1])
    case 'contains':
      return text()[0].includes(text()[1])
    case 'endsWith':
      return text()[0].endsWith(text()[1])
    default:
      return false
  }
}

/** Tests of elements, of a list that is there. */
export function testList(
  op: 'has' | 'hasAny' | 'hasAll',
  list: Value,
  wanted: readonly Value[],
  of: Orderable,
): boolean {
  const isIn = (value: Value): boolean => isList(list) && list.some((each) => same(each, value, of))
  return op === 'hasAll' ? wanted.every(isIn) : wanted.some(isIn)
}

/** Whether there is nothing in a list, bytes or a dict. */
export function isEmpty(value: Value): boolean {
  if (isList(value) || typeof value === 'string') return value.length === 0
  return typeof value === 'object' && value !== null && 'opaque' in value
    ? Object.keys(value.opaque as object).length === 0
    : false
}

function compareSpans(op: Operator, span: Span, right: Value, type: FieldType): boolean {
  const kind = type.kind === 'period' ? type.of : type.kind
  const isBefore = (a: string, b: string): boolean => order(a, b, kind) < 0
  if (isSpan(right)) {
    const isSame = (a: string | null, b: string | null) => (a === null || b === null ? a === b : same(a, b, kind))
    if (op === 'is' || op === 'in')
      return span.isEmpty === right.isEmpty && isSame(span.from, right.from) && isSame(span.before, right.before)
    if (op !== 'overlaps' || span.isEmpty || right.isEmpty) return false
    const begins = (a: Span, b: Span) => a.from === null || b.before === null || isBefore(a.from, b.before)
    return begins(span, right) && begins(right, span)
  }
  const moment = textOf(right)
  if (span.isEmpty) return false
  if (op === 'covers')
    return (
      !(span.from !== null && isBefore(moment, span.from)) && (span.before === null || isBefore(moment, span.before))
    )
  if (op === 'endsBefore') return span.before !== null && !isBefore(moment, span.before)
  if (op === 'startsAfter') return span.from !== null && isBefore(moment, span.from)
  return false
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** JavaScript goes by halves of characters, in which those behind the first plane come before some of it. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (x !== y) return plane(x) === plane(y) ? x - y : plane(x) - plane(y)
  }
  return a.length - b.length
}

function plane(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? 1 : 0
}
