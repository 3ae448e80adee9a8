import { fitIdentifier, type Sql, snakeCase, sql } from '#base'
import { reachCall } from './scope.ts'

/**
 * True of every row, and thought to be rare: it tells the planner how many rows the caller's set lets through, which it asks while it plans.
 * Of an array that is made while the query runs it assumes ten elements, and so looks for the newest rows of who sees few by going
 * through those of the whole tenant (decision 0049). Nothing but the first test is asked while the query runs; whatever is called in the others is
 * looked up for each statement all the same, so they call little (decision 0057).
 *
 * @param column what is compared with the set
 */
export function reachGuess(column: Sql, name: string): Sql {
  // Nothing is known of it, so it is thought to be any one value in one row of 200.
  const nothing = sql`case when ${column} is null then ${column} end`
  const length = sql`${sql.identifier('rowhouse_private', reachGuessName(name))}()`
  return sql`((${nothing}) is null or ${column} = any (${reachCall(name)}) or (${nothing}) = any (${length}))`
}

/** Name of the function that tells the planner of a reach set's length, in schema `rowhouse_private`. */
export function reachGuessName(name: string): string {
  return fitIdentifier(`guess_${snakeCase(name)}`)
}

/**
 * With ten elements assumed of thousands, rows of a long list would seem rare still: 0.5 % for each five of the square of its length. That many elements, whichever.
 */
export function reachGuessQuery(name: string): Sql {
  return sql`select array_fill(one.ids[1], array[least(cardinality(one.ids) ^ 2 / 5, 200)::integer]) from (select ${reachCall(name)} as ids offset 0) one`
}
