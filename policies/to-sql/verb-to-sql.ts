import type { Sql } from '#base'
import type { Rule } from '#schema'
import { conditionToSql } from './condition-to-sql.ts'
import type { Scope } from './scope.ts'
import { allowed, denied, may } from './verb-match.ts'

/**
 * SQL that is true when some rule allows the caller the verb on the row; denials are not looked at.
 *
 * @param caller SQL of the caller's role name; left out, the scope's actor knows its roles
 */
export function allowedToSql(verb: string, scope: Scope, caller?: Sql): Sql {
  return allowed(verb, scope, { test: conditionToSql, caller })
}

/** SQL that is true when a deny stands against the caller on the row; never null. */
export function deniedToSql(rule: Rule, scope: Scope, caller?: Sql): Sql {
  return denied(rule, scope, { test: conditionToSql, caller })
}

/** SQL that is true when the caller may do the verb on the row. */
export function mayToSql(verb: string, scope: Scope, caller?: Sql): Sql {
  return may(verb, scope, { test: conditionToSql, caller })
}
