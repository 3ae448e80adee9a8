import { compareDecimals, readDecimal } from '../complete/decimal.ts'
import type { FieldType } from '../model/model.ts'
import { textFormats } from '../model/text-formats.ts'
import type { Verification } from './context.ts'
import { everyField } from './every-field.ts'
import { compilePattern } from './patterns.ts'

/** A default passes the checks of its own field: else every row made without a value would be refused. */
export function verifyDefaults({ model, problems }: Verification): void {
  for (const { field, path } of everyField(model)) {
    if (field.default?.kind !== 'value') continue
    const fault = faultOf(field.type, field.default.value)
    if (fault !== null)
      problems.report('FIELD_DEFAULT_INVALID', { path: [...path, 'default'] }, `The default ${fault}.`)
  }
}

function faultOf(type: FieldType, value: unknown): string | null {
  switch (type.kind) {
    case 'text':
      return textFault(type, String(value))
    case 'int':
    case 'float':
    case 'duration':
      return rangeFault(type.min, type.max, (limit) => Number(value) - limit)
    case 'int64':
    case 'money':
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
    case 'time':
    case 'uuid':
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
  const pattern = source === null ? null : compilePattern(source)
  return pattern?.ok !== true || pattern.matches.test(value)
}

function rangeFault<T>(min: T | null, max: T | null, compare: (limit: T) => number): string | null {
  if (min !== null && compare(min) < 0) return `is less than "min" ${String(min)}`
  return max !== null && compare(max) > 0 ? `is more than "max" ${String(max)}` : null
}
