import { unreachable, upperFirst } from '#base'
import { minorDigits } from '../complete/currency.ts'
import type { FieldDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { ChoiceValue, Default, Field, FieldType } from '../model/model.ts'
import type { SharedTypes } from './shared-types.ts'
import { withoutBlanks } from './without-blanks.ts'
import { writtenShown } from './written-shown.ts'

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
  const options = withoutBlanks({
    ...typeOptions(field.type),
    optional: field.optional,
    ...flags,
    readonly: field.readonly,
    default: writtenDefault(field.default),
    ...writtenShown(field),
  })
  const { builder, values } = builderOf(field.name, field.type, place)
  return declare('field', { builder, options, ...(values === undefined ? {} : { values }) })
}

/** The call of a builder that makes a field of a type, without further options. */
export function writtenType(name: string, type: FieldType, place: FieldPlace): FieldDeclaration {
  const { builder, values } = builderOf(name, type, place)
  return declare('field', {
    builder,
    options: withoutBlanks(typeOptions(type)),
    ...(values === undefined ? {} : { values }),
  })
}

function builderOf(
  name: string,
  type: FieldType,
  { owner, shared }: FieldPlace,
): { builder: string; values?: unknown } {
  if (type.kind === 'text') return { builder: type.format }
  if (type.kind !== 'choice') return { builder: type.kind }
  const values = writtenValues(type.values)
  const isOwn = type.enum === `${owner}${upperFirst(name)}`
  return { builder: 'choice', values: isOwn ? values : shared.choice(type.enum, values) }
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

function typeOptions(type: FieldType): Readonly<Record<string, unknown>> {
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
    case 'choice':
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
    default:
      // Of built-in fields and relations, which are written otherwise; expressions stand beside the entity.
      return null
  }
}
