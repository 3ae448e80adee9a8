import { Bug, unreachable } from '#base'
import { type FieldType, type HeldColumn, isNativeList, isZoneless } from '#schema'

/** Digits of an amount of money in all; 17 before the point with the usual two behind it. */
const moneyPrecision = 19

/** Type of a field's column, as `format_type` prints it. */
export function columnType(type: FieldType): string {
  if (type.kind === 'decimal') return `numeric(${type.precision},${type.scale})`
  if (type.kind === 'money' && !type.minor) return `numeric(${moneyPrecision},${type.scale})`
  if (type.kind === 'list' && isNativeList(type)) return `${columnType(type.of)}[]`
  return valueType(type)
}

/** Type of the column that holds a value, as `format_type` prints it. */
export function heldType({ type, columnType: given }: Pick<HeldColumn, 'type' | 'columnType'>): string {
  return given ?? columnType(type)
}

/** Type that a value is cast to when it meets the column that holds it; without precision, so that nothing is rounded on the way. */
export function operandType({ type, columnType: given }: Pick<HeldColumn, 'type' | 'columnType'>): string {
  const family = given?.replace(/\(.*?\)/, '')
  // Blanks at the end count in `text`, and an index over `character` serves no comparison with it.
  if (family === 'character') return 'bpchar'
  // Of other widths Postgres compares any two by index; `0.1` as `real` is not `0.1` as `double precision`.
  if (isZoneless({ columnType: given })) return 'timestamp without time zone'
  return family === 'real' ? family : valueType(type)
}

/** Type that a value is cast to when it meets the column; without precision, so that nothing is rounded on the way. */
export function valueType(type: FieldType): string {
  switch (type.kind) {
    case 'text':
    case 'choice':
    case 'secret':
      return 'text'
    case 'int':
    case 'duration':
      return 'integer'
    case 'int64':
      return 'bigint'
    case 'float':
      return 'double precision'
    case 'decimal':
      return 'numeric'
    case 'money':
      return type.minor ? 'bigint' : 'numeric'
    case 'boolean':
    case 'date':
    case 'uuid':
      return type.kind
    case 'datetime':
      return 'timestamp with time zone'
    case 'time':
      return 'time without time zone'
    case 'list':
      return isNativeList(type) ? `${valueType(type.of)}[]` : 'jsonb'
    case 'shape':
    case 'dict':
      return 'jsonb'
    case 'base64':
      return 'bytea'
    case 'period':
      return type.of === 'date' ? 'daterange' : 'tstzrange'
    case 'embed':
      throw new Bug('A value object has no column of its own.')
    default:
      return unreachable(type)
  }
}
