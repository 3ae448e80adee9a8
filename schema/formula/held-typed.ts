import type { FieldType } from '../model/model.ts'
import { isWithin, rangeOfType, roundedRange } from './range.ts'
import type { Typed } from './value-type.ts'

/**
 * What a field of a type holds of a formula's result. Decimals and money are read with all the digits that they have; whole
 * numbers, cents and floats are null where they leave the range of their type.
 */
export function heldTyped(result: Typed, type: FieldType): Typed {
  if (result.range === null) return result
  const isExact = type.kind === 'decimal' || (type.kind === 'money' && !type.minor)
  if (isExact) return { ...result, range: roundedRange(result.range, type.scale) }
  const all = rangeOfType(type)
  if (all === null) return result
  const range = roundedRange(result.range, type.kind === 'float' ? all.scale : type.kind === 'money' ? type.scale : 0)!
  return isWithin(range, all) ? { ...result, range } : { ...result, beyond: true, range: all }
}
