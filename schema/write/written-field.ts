import { snakeCase, unreachable, upperFirst } from '#base'
import { minorDigits } from '../complete/currency.ts'
import type { FieldDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { ChoiceValue, Computed, Default, Field, FieldType, Numbering, ShapePart } from '../model/model.ts'
import type { SharedTypes } from './shared-types.ts'
import { withoutBlanks } from './without-blanks.ts'
import { writtenShift } from './written-shift.ts'
import { writtenShown } from './written-shown.ts'
import { writtenColumn } from './written-storage.ts'

/** What a field is written with besides itself. */
export interface FieldPlace {
  /** `Order`: the enum of a choice is called after it and the field, unless it has a name of its own. */
  readonly owner: string
  readonly shared: SharedTypes
}

/** The call of a builder that makes a field. `flags`: `unique` and `index` where the entity's lists need not say them. */
export function writtenField(
  field: Field,
  place: FieldPlace,
  flags: Readonly<Record<string, true>> = {},
): FieldDeclaration {
  if (field.numbering !== null) return writtenNumbering(field, field.numbering, flags)
  const { builder, parts, options: inner } = builderOf(field.name, withoutPrefix(field.type, field.column), place)
  const options = withoutBlanks({
    ...inner,
    optional: field.optional,
    ...flags,
    readonly: field.readonly,
    from: field.from?.join('.') ?? null,
    pii: field.pii,
    column: writtenColumn(field),
    default: writtenDefault(field.default),
    ...writtenShown(field),
  })
  return declare('field', { builder, options, ...parts })
}

/** The call of a builder that says what a computed field is; its formula stands elsewhere. */
export function writtenComputed(computed: Computed, place: FieldPlace): FieldDeclaration {
  const { builder, parts, options } = builderOf(computed.name, computed.type, place)
  const all = withoutBlanks({
    ...options,
    optional: computed.optional,
    stored: computed.stored,
    ...writtenShown(computed),
  })
  return declare('field', { builder, options: all, ...parts })
}

function writtenNumbering(
  field: Field,
  { pattern, per, gapless, on }: Numbering,
  flags: Readonly<Record<string, true>>,
): FieldDeclaration {
  const column = field.column === snakeCase(field.name) ? null : field.column
  const options = withoutBlanks({ per, gapless, on, ...flags, column, pii: field.pii, ...writtenShown(field) })
  return declare('field', { builder: 'numbering', options, values: pattern })
}

/** The call of a builder that makes a field of a type, without further options. */
export function writtenType(name: string, type: FieldType, place: FieldPlace): FieldDeclaration {
  const { builder, parts, options } = builderOf(name, type, place)
  return declare('field', { builder, options: withoutBlanks(options), ...parts })
}

/** A builder, what it takes before its options, and the options that belong to the type. */
interface Builder {
  readonly builder: string
  readonly parts: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
}

function builderOf(name: string, type: FieldType, place: FieldPlace): Builder {
  const { owner, shared } = place
  const own = `${owner}${upperFirst(name)}`
  switch (type.kind) {
    case 'text':
      return { builder: type.format, parts: {}, options: typeOptions(type) }
    case 'choice': {
      const values = writtenValues(type.values)
      return {
        builder: 'choice',
        parts: { values: type.enum === own ? values : shared.choice(type.enum, values) },
        options: {},
      }
    }
    case 'list':
      return {
        builder: 'list',
        parts: { of: writtenType(name, type.of, place) },
        options: { min: type.min, max: type.max },
      }
    case 'shape': {
      const inner = writtenParts(type.parts, { owner: type.name, shared })
      return {
        builder: 'shape',
        parts: { parts: type.name === own ? inner : shared.shape(type.name, inner) },
        options: {},
      }
    }
    case 'dict': {
      const values = type.values === null ? null : writtenType(name, type.values, place)
      return { builder: 'dict', parts: {}, options: { values, max: type.max } }
    }
    case 'embed': {
      const inner = writtenMembers(type.fields, { owner: type.object, shared })
      return {
        builder: 'embed',
        parts: { parts: type.object === own ? inner : shared.embed(type.object, inner) },
        options: {},
      }
    }
    default:
      return { builder: type.kind, parts: {}, options: typeOptions(type) }
  }
}

/** A value object's type with the columns that its parts have without it: the way back from `prefixed`. */
function withoutPrefix(type: FieldType, prefix: string): FieldType {
  if (type.kind !== 'embed') return type
  const own = (column: string) => (column.startsWith(`${prefix}_`) ? column.slice(prefix.length + 1) : column)
  const fields = type.fields.map((part) => ({
    ...part,
    column: own(part.column),
    type: withoutPrefix(part.type, prefix),
  }))
  return { ...type, fields }
}

/** The parts of a value object, with the columns that they have without it. */
function writtenMembers(fields: readonly Field[], place: FieldPlace): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field.name, writtenField(field, place)]))
}

function writtenParts(parts: readonly ShapePart[], place: FieldPlace): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    parts.map((part) => {
      const { builder, parts: inner, options } = builderOf(part.name, part.type, place)
      const all = withoutBlanks({ ...options, optional: part.optional, ...writtenShown(part) })
      return [part.name, declare('field', { builder, options: all, ...inner })]
    }),
  )
}

/** `['eu', 'us']`, or an object where more is known of a value. */
export function writtenValues(values: readonly ChoiceValue[]): unknown {
  const details = ({ label, note, color, deprecated }: ChoiceValue) => withoutBlanks({ label, note, color, deprecated })
  if (values.every((value) => Object.keys(details(value)).length === 0)) return values.map(({ value }) => value)
  return Object.fromEntries(
    values.map((value) => {
      const said = details(value)
      const isLabel = Object.keys(said).join() === 'label'
      return [value.value, isLabel ? said.label : said]
    }),
  )
}

function typeOptions(
  type: Exclude<FieldType, { readonly kind: 'choice' | 'list' | 'shape' | 'dict' | 'embed' }>,
): Readonly<Record<string, unknown>> {
  switch (type.kind) {
    case 'text': {
      const { min, max, matches, ignoreCase } = type
      return { min, max, matches, ignoreCase }
    }
    case 'int':
    case 'int64':
    case 'float':
      return { min: type.min, max: type.max }
    case 'decimal': {
      const { precision, scale, min, max } = type
      return { precision, scale, min, max }
    }
    case 'money': {
      const { currency, min, max, minor } = type
      const scale = type.scale === minorDigits(currency) ? null : type.scale
      return { currency, in: type.in, scale, minor, min, max }
    }
    case 'duration':
      return { in: type.in, min: type.min, max: type.max }
    case 'period':
      return { of: type.of }
    case 'base64':
      return { maxBytes: type.maxBytes }
    case 'secret':
      return { keep: type.keep }
    case 'boolean':
    case 'datetime':
    case 'date':
    case 'time':
    case 'uuid':
      return {}
    default:
      return unreachable(type)
  }
}

function writtenDefault(value: Default | null): unknown {
  if (value === null) return null
  switch (value.kind) {
    case 'value':
      return value.value
    case 'now':
    case 'today':
    case 'random':
      return value.kind
    case 'shifted':
      return writtenShift(value.by)
    case 'randomText':
      return { random: value.length }
    default:
      // Of built-in fields and relations, which are written otherwise; expressions stand beside the entity.
      return null
  }
}
