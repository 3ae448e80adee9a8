import type { Sql } from '#base'
import type { Rule } from '#schema'
import { conditionToSql } from './condition-to-sql.ts'
import { accepts, allows, passes } from './rule-match.ts'
import type { Scope } from './scope.ts'

/** SQL that is true exactly when an allow matches the row as it is (for `create`: the new row). */
export function allowsToSql(rule: Rule, scope: Scope): Sql {
  return allows(rule, scope, conditionToSql)
}

/** SQL that is true exactly when an allow accepts the row as an update would leave it. */
export function becomingToSql(rule: Rule, scope: Scope): Sql {
  return accepts(rule, scope, conditionToSql)
}

/** SQL that is true exactly when a deny does not match: the row may pass. */
export function passesToSql(rule: Rule, scope: Scope): Sql {
  return passes(rule, scope, conditionToSql)
}
