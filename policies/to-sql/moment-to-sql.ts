import { type Sql, sql } from '#base'
import { type HeldColumn, isZoneless, type Shift } from '#schema'

/**
 * The instant of the transaction as a column of the type keeps it, or its day in UTC, perhaps shifted. Nothing of the session's zone
 * gets in; the comparison is one that indexes serve behind a policy.
 */
export function momentToSql(by: Shift | null, held: Pick<HeldColumn, 'type' | 'columnType'>): Sql {
  const isDay = held.type.kind === 'date'
  if (by === null && !isDay) return isZoneless(held) ? sql`(now() at time zone 'utc')` : sql`now()`
  const shift = by === null ? sql`` : sql` + ${spanOf(by)}`
  // In UTC, or a day would be 23 hours long where the session's clocks change.
  const moment = sql`((now() at time zone 'utc')${shift})`
  if (isDay) return sql`${moment}::date`
  return isZoneless(held) ? moment : sql`(${moment} at time zone 'utc')`
}

function spanOf({ months, days, seconds }: Shift): Sql {
  return sql`${sql.literal(`${months} months ${days} days ${seconds} seconds`)}::interval`
}
