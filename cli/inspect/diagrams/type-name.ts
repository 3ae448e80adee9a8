import type { FieldType } from '#schema'

/** A type in a word or two, as the author wrote it: `text`, `money EUR`, `decimal(10,2)`, `list of int`. */
export function typeName(type: FieldType): string {
  switch (type.kind) {
    case 'text':
      return type.format
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'money':
      return type.currency === null ? 'money' : `money ${type.currency}`
    case 'list':
      return `list of ${typeName(type.of)}`
    default:
      return type.kind
  }
}
