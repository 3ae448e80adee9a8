import { Bug, type Json, postgresPattern, unreachable } from '#base'
import { type FieldType, type TextFormat, textFormats } from '#schema'

/** The form that `rowhouse.json_fits` checks JSON for; docs/reference/database.md lays it down. */
export function jsonForm(type: FieldType): { readonly [key: string]: Json } {
  switch (type.kind) {
    case 'text':
      return { kind: 'text', ...limits(type), ...patterns(patternsOf(type.format, type.matches)) }
    case 'choice':
      return { kind: 'choice', values: type.values.map(({ value }) => value) }
    case 'int':
    case 'duration':
      return { kind: 'number', whole: true, min: type.min ?? -(2 ** 31), max: type.max ?? 2 ** 31 - 1 }
    case 'float':
      return { kind: 'number', ...limits(type) }
    case 'int64':
      return {
        kind: 'digits',
        scale: 0,
        whole: 19,
        min: type.min ?? String(-(2n ** 63n)),
        max: type.max ?? String(2n ** 63n - 1n),
      }
    case 'decimal':
      return { kind: 'digits', scale: type.scale, whole: type.precision - type.scale, ...limits(type) }
    case 'money':
      return { kind: 'digits', scale: type.scale, whole: moneyDigits - type.scale, ...limits(type) }
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'time':
    case 'uuid':
      return { kind: type.kind }
    case 'list':
      return { kind: 'list', ...limits(type), of: jsonForm(type.of) }
    case 'shape':
      return { kind: 'shape', parts: partsOf(type) }
    case 'dict': {
      const values = type.values === null ? {} : { values: jsonForm(type.values) }
      return { kind: 'dict', ...values, ...(type.max === null ? {} : { max: type.max }) }
    }
    case 'base64':
      return { kind: 'base64', maxBytes: type.maxBytes }
    case 'embed':
    case 'period':
    case 'secret':
      throw new Bug('Value objects, periods and secrets do not lie in JSON.')
    default:
      return unreachable(type)
  }
}

/** Patterns that a text matches, in the words of Postgres; sound ones, as the field's own check has seen to it. */
export function patternsOf(format: TextFormat, matches: string | null): readonly string[] {
  return [textFormats[format] ?? null, matches].flatMap((source) => {
    if (source === null) return []
    const translation = postgresPattern(source)
    if (!translation.ok) throw new Bug(`A pattern inside of a structure was not verified: ${source}`)
    return translation.pattern
  })
}

function patterns(list: readonly string[]): { readonly [key: string]: Json } {
  return list.length === 0 ? {} : { patterns: list }
}

/** Digits of an amount in all, as its column would have. */
const moneyDigits = 19

function partsOf(type: Extract<FieldType, { kind: 'shape' }>): { readonly [key: string]: Json } {
  return Object.fromEntries(
    type.parts.map((part) => [part.name, { ...jsonForm(part.type), ...(part.optional ? { optional: true } : {}) }]),
  )
}

function limits({ min, max }: { readonly min: Json; readonly max: Json }): { readonly [key: string]: Json } {
  return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
}
