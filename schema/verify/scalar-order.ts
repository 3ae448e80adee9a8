import { compareDecimals } from '../complete/decimal.ts'
import type { FieldType } from '../model/model.ts'

/** A value of a field in its normal form. */
export type Known = string | number | boolean

/** Less than, equal to or more than zero, as `one` is against `other`; null where the type has no order that a model knows. */
export function orderOf(type: FieldType, one: Known, other: Known): number | null {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'duration':
      return Number(one) - Number(other)
    case 'int64':
    case 'decimal':
    case 'money':
      return compareDecimals(String(one), String(other))
    case 'date':
    case 'datetime':
    case 'time':
      return one === other ? 0 : String(one) < String(other) ? -1 : 1
    default:
      return one === other ? 0 : null
  }
}
