import { type Sql, sql } from '#base'
import { type HeldColumn, isZoneless } from '#schema'

/** How a column keeps its values. */
export type Kept = Pick<HeldColumn, 'columnType'>

/** Kept as the type means. */
export const usual: Kept = { columnType: null }

/**
 * An instant that is kept in the one way, as it is kept in the other: held against each other as they are, Postgres would take
 * the zone of the session for the one without, and refuse that in a check or an index. The same words lead both ways.
 *
 * @see https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-ZONECONVERT
 */
export function throughUtc(value: Sql, from: Kept, to: Kept): Sql {
  return isZoneless(from) === isZoneless(to) ? value : sql`(${value} at time zone 'utc')`
}
