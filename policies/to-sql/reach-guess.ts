import { type Sql, sql } from '#base'
import { reachCall } from './scope.ts'

/**
 * True of every row, and thought to be rare: it tells the planner how many rows the caller's set lets through, which it asks while it plans.
 * Of an array that is made while the query runs it assumes ten elements, and so looks for the newest rows of who sees few by going
 * through those of the whole tenant (decision 0049). Nothing but the first test is asked while the query runs.
 *
 * @param column what is compared with the set
 */
export function reachGuess(column: Sql, name: string): Sql {
  const reached = reachCall(name)
  // With ten elements assumed of thousands, rows of a long list would seem rare still: 0.5 % for each five of the square of its length.
  const length = sql`least(cardinality(${reached}) ^ 2 / 5, 200)::integer`
  return sql`((select null::boolean) is null or ${column} = any (${reached}) or (${column} is null)::integer = any (array_fill(0, array[${length}])))`
}
