import { type Sql, sql } from '#base'
import type { Expression, Typed } from '#schema'
import { heldMoment, shiftedMoment } from './within-range.ts'

/** A part of an expression as SQL, with what is known of its values. */
export interface Made {
  readonly value: Sql
  readonly typed: Typed
}

/** A day, or an instant as the clock of UTC shows it, for functions that know no zone. */
export function local({ value, typed }: Made): Sql {
  return typed.type.kind === 'date' ? sql`(${value})` : sql`(${value} at time zone 'UTC')`
}

/** So many units later or earlier; null beyond the calendar. */
export function shifted(made: Made, by: Sql, unit: Extract<Expression, { kind: 'shift' }>['unit']): Sql {
  const isDay = made.typed.type.kind === 'date'
  const moved = shiftedMoment(isDay ? sql`${made.value}::timestamp` : local(made), by, unit)
  return isDay ? sql`(${moved}::date)` : sql`(${moved} at time zone 'UTC')`
}

/** The beginning of the week, month or the like, as a zone counts it; UTC where none is said. */
export function startOf(
  { value, typed }: Made,
  unit: Extract<Expression, { kind: 'startOf' }>['of'],
  zone: Sql | null,
): Sql {
  const of = sql.literal(unit)
  // The first day of the calendar is a Monday: no beginning is before it.
  if (typed.type.kind === 'date') return sql`(date_trunc(${of}, (${value})::timestamp)::date)`
  if (zone === null) return sql`(date_trunc(${of}, ${value} at time zone 'UTC') at time zone 'UTC')`
  const start = sql`date_trunc(${of}, ${value} at time zone ${zone}) at time zone ${zone} at time zone 'UTC'`
  return sql`(${heldMoment(start)} at time zone 'UTC')`
}

/** The day that an instant is in, in a zone. */
export function dayOf(value: Sql, zone: Sql): Sql {
  return sql`(${heldMoment(sql`${value} at time zone ${zone}`)}::date)`
}

/** A zone that comes from a row is asked for once more: a table that was there before may hold any text. */
export function knownZone({ value, typed: { type } }: Made): Sql {
  if (type.kind !== 'text' || type.values === null) return value
  const known = type.values.map((each) => sql.literal(each))
  return sql`(case when ${value} in (${sql.join(known, ', ')}) then ${value} end)`
}
