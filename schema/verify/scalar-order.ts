import { compareDecimals } from '../complete/decimal.ts'
import type { FieldType } from '../model/model.ts'

/** A value of a field in its normal form. */
export type Known = string | number | boolean

/** Less than, equal to or more than zero, as `one` is against `other`; null where the type has no order that a model knows. */
export function orderOf(type: FieldType, one: Known, other: Known): number | null {
  if (numbers.has(type.kind)) return Number(one) - Number(other)
  if (digits.has(type.kind)) return compareDecimals(String(one), String(other))
  if (one === other) return 0
  return moments.has(type.kind) ? (String(one) < String(other) ? -1 : 1) : null
}

const numbers: ReadonlySet<string> = new Set(['int', 'float', 'duration'])
const digits: ReadonlySet<string> = new Set(['int64', 'decimal', 'money'])
const moments: ReadonlySet<string> = new Set(['date', 'datetime', 'time'])
