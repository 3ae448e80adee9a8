import { upperFirst } from '#base'
import type { FieldDeclaration } from '../dsl/declaration.ts'
import type { FieldType, TextFormat } from '../model/model.ts'
import { readChoice } from './choice.ts'
import { minorDigits } from './currency.ts'
import { readEmbed } from './embed.ts'
import type { FieldContext } from './field-context.ts'
import type { Options } from './options.ts'
import { readScalar } from './scalar.ts'
import { readSecret } from './secret.ts'
import { readStructure } from './structure.ts'

const formats: readonly string[] = [
  'string',
  'text',
  'slug',
  'email',
  'url',
  'phone',
  'timezone',
] satisfies TextFormat[]

/** The type that a builder and its options mean, or null for an unknown builder. */
export function readFieldType(field: FieldDeclaration, options: Options, context: FieldContext): FieldType | null {
  if (formats.includes(field.builder)) return textType(field.builder as TextFormat, options)
  switch (field.builder) {
    case 'choice': {
      const fallback = `${context.owner}${upperFirst(context.name)}`
      return { kind: 'choice', ...readChoice(field.values, fallback, context.path, context.problems) }
    }
    case 'int':
      return { kind: 'int', min: options.integer('min'), max: options.integer('max') }
    case 'float':
      return { kind: 'float', min: options.number('min'), max: options.number('max') }
    case 'int64':
      return limited({ kind: 'int64', min: null, max: null }, options, context)
    case 'decimal':
      return decimalType(options, context)
    case 'money':
      return moneyType(options, context)
    case 'duration':
      return durationType(options, context)
    case 'embed':
      return readEmbed(field, options, context)
    case 'period':
      return periodType(options, context)
    case 'secret':
      return readSecret(options, context)
    case 'boolean':
    case 'datetime':
    case 'date':
    case 'time':
    case 'uuid':
      return { kind: field.builder }
    default:
      return readStructure(field, options, context)
  }
}

function textType(format: TextFormat, options: Options): FieldType {
  const ignoreCase = options.flag('ignoreCase')
  const limits = { min: options.integer('min'), max: options.integer('max') }
  return { kind: 'text', format, ...limits, matches: readPattern(options), ignoreCase }
}

/** `matches: '[A-Z]{3}'` or `matches: /[A-Z]{3}/`; flags are refused by the verifier. */
function readPattern(options: Options): string | null {
  const given = options.raw('matches')
  if (given instanceof RegExp && given.flags === '') return given.source
  return options.word('matches')
}

function decimalType(options: Options, context: FieldContext): FieldType {
  const precision = options.integer('precision')
  const scale = options.integer('scale')
  if (precision === null || scale === null) {
    const message = 'A decimal says how many digits it has: { precision: 12, scale: 2 }.'
    context.problems.report('OPTION_INVALID', { path: context.path }, message)
  }
  return limited(
    { kind: 'decimal', precision: precision ?? 18, scale: scale ?? 2, min: null, max: null },
    options,
    context,
  )
}

function moneyType(options: Options, context: FieldContext): FieldType {
  const currency = options.word('currency')?.toUpperCase() ?? null
  const scale = options.integer('scale') ?? minorDigits(currency)
  const base = { kind: 'money', currency, in: options.word('in'), scale, minor: options.flag('minor') } as const
  return limited({ ...base, min: null, max: null }, options, context)
}

function durationType(options: Options, context: FieldContext): FieldType {
  const unit = options.oneOf('in', ['seconds', 'minutes', 'hours', 'days'])
  if (unit === null && options.raw('in') === undefined)
    context.problems.report('OPTION_INVALID', { path: context.path }, "A duration says its unit: { in: 'minutes' }.")
  return { kind: 'duration', in: unit ?? 'minutes', min: options.integer('min'), max: options.integer('max') }
}

function periodType(options: Options, context: FieldContext): FieldType {
  const of = options.oneOf('of', ['date', 'datetime'])
  if (of === null && options.raw('of') === undefined)
    context.problems.report(
      'OPTION_INVALID',
      { path: context.path },
      "A period says what its ends are: { of: 'date' }.",
    )
  return { kind: 'period', of: of ?? 'date' }
}

/** Reads `min` and `max` in the normal form of the type itself. */
function limited(
  type: Extract<FieldType, { readonly min: string | null }>,
  options: Options,
  context: FieldContext,
): FieldType {
  const limit = (name: 'min' | 'max'): string | null => {
    const given = options.raw(name)
    if (given === undefined) return null
    const value = readScalar(type, given)
    if (value.ok) return String(value.value)
    context.problems.report('OPTION_INVALID', { path: [...context.path, name] }, `"${name}" must be ${value.wanted}.`)
    return null
  }
  return { ...type, min: limit('min'), max: limit('max') }
}
