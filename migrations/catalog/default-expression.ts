import { type Sql, sql, unreachable } from '#base'
import { structureLiteral, typedLiteral } from '#policies'
import { type Default, type FieldType, isStructured } from '#schema'

/** Default of a column, or null when it has none. */
export function defaultExpression(value: Default | null, type: FieldType): Sql | null {
  if (value === null) return null
  switch (value.kind) {
    case 'value':
      if (isStructured(type)) return structureLiteral(value.value, type)
      return isScalar(value.value) ? typedLiteral(value.value, type) : null
    case 'now':
      return sql`now()`
    case 'today':
      return sql`(now() at time zone 'utc')::date`
    case 'random':
      return sql`gen_random_uuid()`
    case 'v7':
      return sql`rowhouse.uuid_v7()`
    case 'shifted': {
      const { months, days, seconds } = value.by
      const span = sql.literal(`${months} months ${days} days ${seconds} seconds`)
      // In UTC, or a day would be 23 hours long where the session's clocks change.
      const moment = sql`(now() at time zone 'utc') + ${span}::interval`
      return value.from === 'today' ? sql`(${moment})::date` : sql`((${moment}) at time zone 'utc')`
    }
    case 'randomText':
      return sql`rowhouse.random_text(${sql.literal(value.length)})`
    case 'actor':
      return sql`rowhouse.actor_id()`
    case 'expression':
      // Columns cannot look at others: a trigger fills these in.
      return null
    default:
      return unreachable(value)
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
