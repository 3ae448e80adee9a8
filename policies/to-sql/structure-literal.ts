import { type Json, type Sql, sql } from '#base'
import { type FieldType, isNativeList } from '#schema'
import { valueType } from './postgres-type.ts'
import { typedLiteral } from './typed-literal.ts'

/** A list, shape, dict or binary value in its normal form as a literal of the column's type. */
export function structureLiteral(value: Json, type: FieldType): Sql {
  if (type.kind === 'base64') return typedLiteral(value as string, type)
  if (type.kind === 'list' && isNativeList(type)) return arrayLiteral(value as readonly Scalar[], type.of)
  return sql`${sql.literal(JSON.stringify(value))}::jsonb`
}

type Scalar = string | number | boolean

/** Scalars as an array of the element's type. */
export function arrayLiteral(values: readonly Scalar[], of: FieldType): Sql {
  const list = sql.join(
    values.map((value) => typedLiteral(value, of)),
    ', ',
  )
  return sql`array[${list}]::${sql.raw(valueType(of))}[]`
}
