import type { FieldType } from '#schema'
import { addDays } from './calendar.ts'
import type { RowValue } from './decision.ts'
import { type Exact, exact } from './exact.ts'
import { textOf } from './text-of.ts'

/**
 * A value as it is reckoned with: numbers of every kind exact, days `YYYY-MM-DD`, instants ISO 8601, lists by element. What only null
 * tests and emptiness can be asked of is kept as it is written.
 */
export type Value = Exact | Span | string | boolean | null | readonly Value[] | { readonly opaque: RowValue }

/** A period: up to, but without, its end; null where it is open. Null as a whole is no moment at all. */
export interface Span {
  readonly from: string | null
  readonly before: string | null
  readonly isEmpty: boolean
}

/** Out of range: what it is nobody knows. */
export const beyond = Symbol('beyond')

/** A value, or that nobody knows it. */
export type Known = Value | typeof beyond

/** What a row's value of that type is. */
export function heldValue(given: RowValue | undefined, type: FieldType): Value {
  if (given === undefined || given === null) return null
  switch (type.kind) {
    case 'int':
    case 'int64':
    case 'float':
    case 'decimal':
    case 'money':
    case 'duration':
      return exact(textOf(given))
    case 'boolean':
      return given as boolean
    case 'uuid':
      return textOf(given).toLowerCase()
    case 'list':
      return (given as readonly RowValue[]).map((each) => heldValue(each, type.of))
    case 'period':
      return spanOf(given, type.of)
    case 'shape':
    case 'dict':
    case 'embed':
    // That there is one is all that anybody knows.
    case 'secret':
      return { opaque: given }
    case 'text':
    case 'choice':
    case 'date':
    case 'datetime':
    case 'time':
    case 'base64':
      return textOf(given)
  }
}

/** As rows hold it. */
export function written(value: Known): RowValue {
  if (value === beyond || value === null) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (isList(value)) return value.map(written)
  if (isExact(value)) return digitsOf(value)
  if ('opaque' in value) return value.opaque
  return value.isEmpty ? 'empty' : `[${value.from ?? ''},${value.before ?? ''})`
}

/** True of a number. */
export function isExact(value: Known): value is Exact {
  return typeof value === 'object' && value !== null && 'scale' in value
}

/** True of a period. */
export function isSpan(value: Known): value is Span {
  return typeof value === 'object' && value !== null && 'isEmpty' in value
}

/** True of a list. */
export function isList(value: Known): value is readonly Value[] {
  return Array.isArray(value)
}

function digitsOf({ n, scale }: Exact): string {
  const size = (n < 0n ? -n : n).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? size : `${size.slice(0, -scale)}.${size.slice(-scale)}`
  return n < 0n ? `-${text}` : text
}

/** `{ from, to }` with the last day, or a range as Postgres writes it. */
function spanOf(given: RowValue, of: 'date' | 'datetime'): Span {
  if (typeof given !== 'string') {
    const { from = null, to = null } = given as { readonly from?: string | null; readonly to?: string | null }
    return span(from, to !== null && of === 'date' ? addDays(to, 1) : to, of)
  }
  if (given.trim() === 'empty') return { from: null, before: null, isEmpty: true }
  const match = /^([[(])\s*"?([^",]*)"?\s*,\s*"?([^")\]]*)"?\s*([\])])$/.exec(given.trim())
  const [, opening, from, to, closing] = match ?? []
  const first = from === '' || from === undefined ? null : opening === '(' && of === 'date' ? addDays(from, 1) : from
  const end = to === '' || to === undefined ? null : closing === ']' && of === 'date' ? addDays(to, 1) : to
  return span(first, end, of)
}

function span(from: string | null, before: string | null, of: 'date' | 'datetime'): Span {
  const key = (text: string): number | string => (of === 'date' ? text : Date.parse(text))
  const isEmpty = from !== null && before !== null && key(from) >= key(before)
  return { from, before, isEmpty }
}
