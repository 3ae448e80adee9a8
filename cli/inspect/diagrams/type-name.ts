import type { FieldType } from '#schema'

/** A type in a word or two, as the author wrote it: `text`, `money EUR`, `decimal(10,2)`, `list of int`; of others their kind. */
export function typeName(type: FieldType): string {
  if (type.kind === 'text') return type.format
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`
  if (type.kind === 'money') return type.currency === null ? 'money' : `money ${type.currency}`
  if (type.kind === 'list') return `list of ${typeName(type.of)}`
  return type.kind
}
