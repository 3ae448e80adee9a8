import { columnFields, type Entity, type Field } from '#schema'
import { type SeedValue, stableId } from '#server'

/** What Postgres would count, which a seed says itself. */
export function numbers(entity: Entity, name: string): Readonly<Record<string, SeedValue>> {
  const counted = entity.fields.filter((field) => field.numbering !== null)
  return Object.fromEntries(counted.map((field) => [field.name, sensible(field, name)]))
}

/** Sensible values of required fields without a default. */
export function requiredValues(
  entity: Entity,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SeedValue>> {
  const wanted = entity.fields.filter(
    (field) =>
      !field.builtIn &&
      !field.optional &&
      field.default === null &&
      field.numbering === null &&
      field.from === null &&
      given[field.name] === undefined,
  )
  return Object.fromEntries(wanted.map((field) => [field.name, sensible(field, name)]))
}

/** The same of a new row, with value objects by their parts, as rows have them. */
export function requiredParts(
  entity: Entity,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SeedValue>> {
  return requiredValues({ ...entity, fields: columnFields(entity) }, name, given)
}

/** A value that the field takes, told by the name of the row where it can. */
export function sensible({ type, name: field }: Field, row: string): SeedValue {
  const word = row.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  switch (type.kind) {
    case 'text': {
      if (type.format === 'email') return `${word}@example.com`
      if (type.format === 'url') return `https://example.com/${word}`
      if (type.format === 'phone') return '+4930123456'
      if (type.format === 'timezone') return 'Europe/Berlin'
      const text = type.format === 'slug' ? word : `${field} ${row}`
      return (type.max === null ? text : text.slice(-type.max)).padEnd(type.min ?? 0, 'x')
    }
    case 'choice':
      return type.values[0]!.value
    case 'int':
    case 'duration':
    case 'float':
      return Number(type.min ?? 1)
    case 'int64':
    case 'decimal':
    case 'money':
      return String(type.min ?? 1)
    case 'boolean':
      return false
    case 'date':
      return '2026-01-01'
    case 'datetime':
      return '2026-01-01T00:00:00Z'
    case 'time':
      return '09:00'
    case 'uuid':
      return stableId(row, field)
    case 'list':
      return []
    case 'embed':
      return Object.fromEntries(
        type.fields.filter(({ optional }) => !optional).map((part) => [part.name, sensible(part, row)]),
      )
    case 'period':
      return { from: null, to: null }
    default:
      return {}
  }
}
