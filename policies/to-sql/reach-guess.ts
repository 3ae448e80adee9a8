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
  const length = sql`${sql.identifier('rowhouse_private', reachGuessName(name))}()`
  return sql`(${isRare(column)} or ${column} = any (${reachCall(name)}) or (${nothingOf(column)}) = any (${length}))`
}

/**
 * The same of one value of the caller: beside the guess of a set, rows that such a value lets through would seem many (decision 0060).
 *
 * @param value asked while the statement is planned: a call, not a sub-select
 */
export function valueGuess(column: Sql, value: Sql): Sql {
  return sql`(${isRare(column)} or ${column} = ${value})`
}

/** True, and thought to be so of one row in 40,000. */
function isRare(column: Sql): Sql {
  const isNothing = sql`(${nothingOf(column)}) is null`
  return sql`(${isNothing} and ${isNothing})`
}

/** Null. Nothing is known of it, so it is thought to be any one value in one row of 200. */
function nothingOf(column: Sql): Sql {
  return sql`case when ${column} is null then ${column} end`
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
