import { type Sql, sql } from '#base'
import { typedLiteral } from '#policies'
import { type FieldType, isNativeList } from '#schema'
import { jsonForm, patternsOf } from './json-form.ts'

type Structure = Extract<FieldType, { kind: 'list' | 'shape' | 'dict' | 'base64' }>

/** Tests of a column that holds a list, a shape, a dict or binary data. */
export function structureTests(column: Sql, type: Structure): readonly Sql[] {
  if (type.kind === 'base64') return [sql`octet_length(${column}) <= ${sql.literal(type.maxBytes)}`]
  if (type.kind === 'list' && isNativeList(type)) return listTests(column, type)
  return [sql`rowhouse.json_fits(${column}, ${sql.literal(JSON.stringify(jsonForm(type)))}::jsonb)`]
}

/** One dimension, no nulls, as many elements as there may be, each of them sound. */
function listTests(column: Sql, { of, min, max }: Extract<FieldType, { kind: 'list' }>): readonly Sql[] {
  return [
    // Before the others, some of which cannot read more dimensions.
    sql`coalesce(array_ndims(${column}), 1) = 1`,
    sql`array_position(${column}, null) is null`,
    ...(min === null ? [] : [sql`cardinality(${column}) >= ${sql.literal(min)}`]),
    ...(max === null ? [] : [sql`cardinality(${column}) <= ${sql.literal(max)}`]),
    ...elementTests(column, of),
  ]
}

function elementTests(column: Sql, of: FieldType): readonly Sql[] {
  switch (of.kind) {
    case 'text':
      return textsFit(column, of)
    case 'choice': {
      const values = of.values.map(({ value }) => sql.literal(value))
      return [sql`${column} <@ array[${sql.join(values, ', ')}]::text[]`]
    }
    case 'int':
    case 'int64':
    case 'duration':
      return bounds(column, of)
    case 'float':
      return [sql`'-Infinity' < all (${column}) and 'Infinity' > all (${column})`, ...bounds(column, of)]
    case 'decimal':
    case 'money':
      return [sql`'NaN' <> all (${column})`, ...bounds(column, of)]
    case 'date':
    case 'datetime':
      return [sql`'-infinity' <> all (${column}) and 'infinity' <> all (${column})`]
    case 'time':
      return [sql`'24:00' > all (${column})`]
    case 'base64':
      return [sql`rowhouse.bytes_fit(${column}, ${sql.literal(of.maxBytes)})`]
    default:
      return []
  }
}

function textsFit(column: Sql, of: Extract<FieldType, { kind: 'text' }>): readonly Sql[] {
  const patterns = patternsOf(of.format, of.matches)
  if (of.min === null && of.max === null && patterns.length === 0) return []
  const list = sql.join(
    patterns.map((pattern) => sql.literal(pattern)),
    ', ',
  )
  return [sql`rowhouse.texts_fit(${column}, ${sql.literal(of.min)}, ${sql.literal(of.max)}, array[${list}]::text[])`]
}

type Bounded = Extract<FieldType, { kind: 'int' | 'int64' | 'duration' | 'float' | 'decimal' | 'money' }>

function bounds(column: Sql, type: Bounded): readonly Sql[] {
  return [
    ...(type.min === null ? [] : [sql`${typedLiteral(type.min, type)} <= all (${column})`]),
    ...(type.max === null ? [] : [sql`${typedLiteral(type.max, type)} >= all (${column})`]),
  ]
}
