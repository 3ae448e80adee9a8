import { type Sql, sql } from '#base'
import { divisionDigits } from '#schema'

/** Zero with more digits than a division keeps: added to the first number, Postgres divides at least so far. */
const room = sql.raw(`0.${'0'.repeat(divisionDigits + 4)}`)

/** An exact division with a fixed number of digits; by zero it is null. */
export function divided(a: Sql, by: Sql): Sql {
  return sql`round((${a} + ${room}) / nullif(${by}, 0), ${sql.literal(divisionDigits)})`
}
