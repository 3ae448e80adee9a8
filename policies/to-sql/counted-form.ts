import { type Sql, sql } from '#base'
import { type Entity, type Field, unlimitedDigits } from '#schema'
import { calendarMoment, shortNumber } from './within-range.ts'

/** One end of a period, as it was written. */
export function endOf(column: Sql, { type }: Pick<Field, 'type'>, end: 'from' | 'to'): Sql {
  if (end === 'from') return sql`lower(${column})`
  // Days are stored up to, but without, the one after the last.
  return type.kind === 'date' ? sql`(upper(${column}) - 1)` : sql`upper(${column})`
}

/** A value in the form that formulas count with; null where a table that was there before holds what nobody can count with. */
export function canonical(
  value: Sql,
  { type, columnType }: Pick<Field, 'type' | 'columnType'>,
  { source }: Entity,
): Sql {
  switch (type.kind) {
    case 'int':
    case 'int64':
    case 'duration':
      return sql`(${value})::numeric`
    // By its shortest text: a cast keeps no more than 15 digits.
    case 'float':
      return sql`(${value})::text::numeric`
    case 'decimal':
      return columnType === 'numeric' ? shortNumber(value, unlimitedDigits) : value
    case 'money':
      return type.minor ? sql`((${value})::numeric * ${sql.literal(`1e-${type.scale}`)}::numeric)` : value
    case 'date':
      return 'tenantColumn' in source ? calendarMoment(value, 'date') : value
    case 'datetime':
      return 'tenantColumn' in source ? calendarMoment(value, 'datetime') : value
    default:
      return value
  }
}
