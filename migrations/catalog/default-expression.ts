import { type Sql, sql, unreachable } from '#base'
import { heldLiteral, structureLiteral } from '#policies'
import { type Default, type HeldColumn, isStructured, isZoneless } from '#schema'

/** Default of a column, or null when it has none. */
export function defaultExpression(value: Default | null, held: Pick<HeldColumn, 'type' | 'columnType'>): Sql | null {
  if (value === null) return null
  switch (value.kind) {
    case 'value':
      if (isStructured(held.type)) return structureLiteral(value.value, held.type)
      return isScalar(value.value) ? heldLiteral(value.value, held) : null
    case 'now':
      // Assigned as it is, it would be the time of the session's zone.
      return isZoneless(held) ? sql`(now() at time zone 'utc')` : sql`now()`
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
      if (isZoneless(held)) return sql`(${moment})`
      return value.from === 'today' ? sql`(${moment})::date` : sql`((${moment}) at time zone 'utc')`
    }
    case 'randomText':
      return sql`rowhouse.random_text(${sql.literal(value.length)})`
    case 'actor':
      return sql`rowhouse.actor_id()`
    case 'identity':
      // The column numbers itself.
      return null
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
