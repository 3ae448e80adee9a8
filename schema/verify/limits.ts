import { compareDecimals, readDecimal } from '../complete/decimal.ts'
import type { FieldType, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'
import { everyType } from './every-type.ts'

/** Limits of fields leave values, and fit the type. */
export function verifyLimits(check: Verification): void {
  for (const { type, path } of everyType(check.model)) {
    for (const { option, message, hint = 'Choose another limit, or leave it out.' } of faultsOf(type)) {
      const at = option === null ? path : [...path, option]
      check.problems.report('FIELD_LIMIT_INVALID', { path: at as ModelPath }, message, { hint })
    }
  }
}

interface Fault {
  readonly option: string | null
  readonly message: string
  readonly hint?: string
}

function faultsOf(type: FieldType): readonly Fault[] {
  switch (type.kind) {
    case 'text':
      return [...lengthFaults(type), ...orderFaults(type.min, type.max)]
    case 'int':
    case 'duration':
      return [...rangeFaults(type, -(2 ** 31), 2 ** 31 - 1), ...orderFaults(type.min, type.max)]
    case 'float':
      return orderFaults(type.min, type.max)
    case 'int64':
      return orderFaults(type.min, type.max)
    case 'decimal':
      return [...digitFaults(type), ...orderFaults(type.min, type.max)]
    case 'money':
      return [...scaleFaults(type.scale), ...orderFaults(type.min, type.max)]
    case 'boolean':
    case 'choice':
    case 'date':
    case 'datetime':
    case 'embed':
    case 'period':
    case 'time':
    case 'uuid':
    case 'shape':
    case 'secret':
      return []
    case 'list':
      return [
        ...countFaults('min', type.min, 0),
        ...countFaults('max', type.max, 1),
        ...orderFaults(type.min, type.max),
      ]
    case 'dict':
      return countFaults('max', type.max, 1)
    case 'base64':
      return byteFaults(type.maxBytes)
  }
}

/** Postgres takes at most 10 MB of characters in `varchar`; longer texts are files. */
const maxCharacters = 10_485_760

function lengthFaults({ min, max }: { readonly min: number | null; readonly max: number | null }): readonly Fault[] {
  return [
    ...(min !== null && (min < 0 || min > maxCharacters)
      ? [{ option: 'min', message: `"min" must be from 0 to ${maxCharacters} characters.` }]
      : []),
    ...(max !== null && (max < 1 || max > maxCharacters)
      ? [{ option: 'max', message: `"max" must be from 1 to ${maxCharacters} characters.` }]
      : []),
  ]
}

/** Lists are read and written whole: what may grow beyond this is rows of another entity. */
const maxElements = 100_000

function countFaults(option: 'min' | 'max', limit: number | null, least: number): readonly Fault[] {
  if (limit === null || (limit >= least && limit <= maxElements)) return []
  return [{ option, message: `"${option}" must be from ${least} to ${maxElements}.` }]
}

/** Read and written whole, in base64, inside of a request; larger things are files. */
const maxBinaryBytes = 64 * 1024 * 1024

function byteFaults(maxBytes: number): readonly Fault[] {
  if (maxBytes >= 1 && maxBytes <= maxBinaryBytes) return []
  return [{ option: 'maxBytes', message: `"maxBytes" must be from 1 to ${maxBinaryBytes} bytes.` }]
}

function rangeFaults(
  type: { readonly min: number | null; readonly max: number | null },
  least: number,
  most: number,
): readonly Fault[] {
  return (['min', 'max'] as const).flatMap((option) => {
    const limit = type[option]
    if (limit === null || (limit >= least && limit <= most)) return []
    return [{ option, message: `"${option}" does not fit into 32 bits.` }]
  })
}

function orderFaults(min: number | string | null, max: number | string | null): readonly Fault[] {
  if (min === null || max === null) return []
  const isCrossed = typeof min === 'string' ? compareDecimals(min, String(max)) > 0 : min > Number(max)
  return isCrossed
    ? [
        {
          option: 'min',
          message: `"min" ${min} is more than "max" ${max}: no value is left.`,
          hint: 'Swap the two, or change one of them.',
        },
      ]
    : []
}

function digitFaults(type: Extract<FieldType, { readonly kind: 'decimal' }>): readonly Fault[] {
  const { precision, scale } = type
  if (precision < 1 || precision > 1000)
    return [{ option: 'precision', message: '"precision" must be from 1 to 1000 digits.' }]
  if (scale < 0 || scale > precision)
    return [{ option: 'scale', message: '"scale" must be from 0 to "precision" digits.' }]
  return (['min', 'max'] as const).flatMap((option) => {
    const whole = readDecimal(type[option] ?? '0')?.whole ?? 0
    return whole <= precision - scale
      ? []
      : [{ option, message: `"${option}" has more than ${precision} digits in all.` }]
  })
}

function scaleFaults(scale: number): readonly Fault[] {
  return scale >= 0 && scale <= 12 ? [] : [{ option: 'scale', message: '"scale" must be from 0 to 12 digits.' }]
}
