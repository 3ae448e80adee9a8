import { ModelError, postgresPattern, type Sql, sql, unreachable } from '#base'
import { typedLiteral } from '#policies'
import { type Entity, type Field, type FieldType, markPattern, textFormats } from '#schema'
import { structureTests } from './structure-tests.ts'

/**
 * What a check constraint says of a field's column, or null when the type says it all.
 *
 * @throws FIELD_PATTERN_INVALID when Postgres cannot check the field's pattern
 */
export function fieldCheck(field: Field, entity: Entity, column = sql.identifier(field.column)): Sql | null {
  const tests = typeTests(column, field, entity)
  return tests.length === 0 ? null : sql.join(tests, ' and ')
}

/** Check that a column holds one of the values. */
export function choiceTest(column: Sql, values: readonly string[]): Sql {
  return sql`${column} in (${sql.join(
    values.map((value) => sql.literal(value)),
    ', ',
  )})`
}

function typeTests(column: Sql, field: Field, entity: Entity): readonly Sql[] {
  const { type } = field
  switch (type.kind) {
    case 'text':
      return textTests(column, type, `${entity.name}.${field.name}`)
    case 'choice':
      return [
        choiceTest(
          column,
          type.values.map((choice) => choice.value),
        ),
      ]
    case 'int':
    case 'int64':
    case 'duration':
      return bounds(column, type)
    case 'float':
      // NaN sorts above everything in Postgres; JSON can say neither.
      return [sql`${column} > '-Infinity' and ${column} < 'Infinity'`, ...bounds(column, type)]
    case 'decimal':
      return [sql`${column} <> 'NaN'`, ...bounds(column, type)]
    case 'money':
      return [...(type.minor ? [] : [sql`${column} <> 'NaN'`]), ...bounds(column, type)]
    case 'date':
    case 'datetime':
      return [sql`isfinite(${column})`]
    case 'time':
      return [sql`${column} < '24:00'`]
    case 'period':
      return periodTests(column, type.of)
    case 'boolean':
    case 'embed':
    case 'uuid':
      return []
    case 'secret':
      // A mark alone: where the trigger that takes the value out of the row does not run, nothing is stored.
      return [sql`${column} ~ ${sql.literal(`^${markPattern(type.keep)}$`)}`]
    case 'list':
    case 'shape':
    case 'dict':
    case 'base64':
      return structureTests(column, type)
    default:
      return unreachable(type)
  }
}

/** Half-open, something in it, its ends open or finite. Ranges of days are half-open by themselves. */
function periodTests(column: Sql, of: 'date' | 'datetime'): readonly Sql[] {
  const tests = [sql`not isempty(${column})`, sql`isfinite(lower(${column}))`, sql`isfinite(upper(${column}))`]
  if (of === 'date') return tests
  return [...tests, sql`(lower_inc(${column}) or lower_inf(${column}))`, sql`not upper_inc(${column})`]
}

type Bounded = Extract<FieldType, { min: unknown }>

function bounds(column: Sql, type: Exclude<Bounded, { kind: 'text' | 'list' }>): readonly Sql[] {
  return [
    ...(type.min === null ? [] : [sql`${column} >= ${typedLiteral(type.min, type)}`]),
    ...(type.max === null ? [] : [sql`${column} <= ${typedLiteral(type.max, type)}`]),
  ]
}

function textTests(column: Sql, type: Extract<FieldType, { kind: 'text' }>, name: string): readonly Sql[] {
  const format = textFormats[type.format]
  return [
    ...(type.min === null ? [] : [sql`char_length(${column}) >= ${sql.literal(type.min)}`]),
    ...(type.max === null ? [] : [sql`char_length(${column}) <= ${sql.literal(type.max)}`]),
    ...(format === undefined ? [] : [sql`${column} ~ ${sql.literal(translated(format, name))}`]),
    ...(type.matches === null ? [] : [sql`${column} ~ ${sql.literal(translated(type.matches, name))}`]),
  ]
}

function translated(source: string, name: string): string {
  const translation = postgresPattern(source)
  if (translation.ok) return translation.pattern
  const { reason, at } = translation
  const message = `"${name}" has a pattern that Postgres cannot check: at character ${at} it ${reason}.`
  const hint = 'Say it with character classes, groups, repetition, | and lookaround.'
  throw new ModelError([{ code: 'FIELD_PATTERN_INVALID', severity: 'error', message, at: null, hint, related: null }])
}
