import { type Sql, sql, toText } from '#base'

/** Joins tests by `and`, leaving out those that say nothing; `true` when nothing is left. */
export function allOf(tests: readonly Sql[]): Sql {
  const saying = tests.filter((test) => toText(test) !== 'true')
  return saying.length === 0 ? sql`true` : sql.join(saying, ' and ')
}
