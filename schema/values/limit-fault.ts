import { compareDecimals, readDecimal } from '../complete/decimal.ts'
import type { FieldType } from '../model/model.ts'
import { textFormats } from '../model/text-formats.ts'
import { compilePattern, type Pattern } from '../verify/patterns.ts'

/** How a value in its normal form breaks the limits of its type: `is longer than "max" 5`. Null when it does not. */
export function limitFault(type: FieldType, value: unknown): string | null {
  switch (type.kind) {
    case 'text':
      return textFault(type, String(value))
    case 'int':
    case 'float':
    case 'duration':
      return rangeFault(type.min, type.max, (limit) => Number(value) - limit)
    case 'money':
      return (readDecimal(String(value))?.whole ?? 0) > 19 - type.scale
        ? 'has more than 19 digits in all'
        : rangeFault(type.min, type.max, (limit) => compareDecimals(String(value), limit))
    case 'int64':
      return rangeFault(type.min, type.max, (limit) => compareDecimals(String(value), limit))
    case 'decimal': {
      const whole = readDecimal(String(value))?.whole ?? 0
      if (whole > type.precision - type.scale) return `has more than ${type.precision} digits in all`
      return rangeFault(type.min, type.max, (limit) => compareDecimals(String(value), limit))
    }
    case 'boolean':
    case 'choice':
    case 'date':
    case 'datetime':
    case 'embed':
    case 'period':
    case 'time':
    case 'uuid':
    case 'secret':
    // Looked at with all that is in them when they are read.
    case 'list':
    case 'shape':
    case 'dict':
    case 'base64':
      return null
  }
}

function textFault(type: Extract<FieldType, { readonly kind: 'text' }>, value: string): string | null {
  // Postgres counts characters, not UTF-16 units.
  const { length } = Array.from(value)
  if (type.min !== null && length < type.min) return `is shorter than "min" ${type.min}`
  if (type.max !== null && length > type.max) return `is longer than "max" ${type.max}`
  if (!matchesWhole(textFormats[type.format] ?? null, value)) return `is no ${type.format}`
  return matchesWhole(type.matches, value) ? null : 'does not match the pattern of the field'
}

/** True also where there is no sound pattern: that is reported by itself. */
function matchesWhole(source: string | null, value: string): boolean {
  const pattern = source === null ? null : patternOf(source)
  return pattern?.ok !== true || pattern.matches.test(value)
}

function rangeFault<T>(min: T | null, max: T | null, compare: (limit: T) => number): string | null {
  if (min !== null && compare(min) < 0) return `is less than "min" ${String(min)}`
  return max !== null && compare(max) > 0 ? `is more than "max" ${String(max)}` : null
}

const patterns = new Map<string, Pattern>()

/** Compiled once: values of requests are matched against few patterns, many times. */
function patternOf(source: string): Pattern {
  const known = patterns.get(source)
  if (known !== undefined) return known
  const pattern = compilePattern(source)
  patterns.set(source, pattern)
  return pattern
}
