import { type Sql, sql } from '#base'
import { type Audience, type Rule, ruleCovers } from '#schema'
import { allOf } from './all-of.ts'
import { rulesOf } from './model-index.ts'
import { audienceRoles } from './role-placeholder.ts'
import { allowsToSql, passesToSql } from './rule-to-sql.ts'
import type { Scope } from './scope.ts'

/**
 * The role that asks, in code that runs as `:PRIVATE`: there `current_user` is the function's owner, the setting is still
 * the caller's role set. A session without one (an operator) is judged by its login.
 */
export const callerRole: Sql = sql`coalesce(nullif(current_setting('role'), 'none'), session_user::text)`

/**
 * SQL that is true when the caller is among those whom a rule speaks of.
 *
 * @param caller SQL of the caller's role name
 */
export function inAudienceToSql(audience: Audience, caller: Sql): Sql {
  const tests = audienceRoles(audience).map((role) => sql`pg_has_role(${caller}, ${sql.raw(`'${role}'`)}, 'usage')`)
  const [only] = tests
  return tests.length === 1 && only !== undefined ? only : sql`(${sql.join(tests, ' or ')})`
}

/** Rules of the scope's entity that allow the verb. */
export function allowing(verb: string, scope: Scope): readonly Rule[] {
  return rulesOf(scope.index, scope.entity).filter(
    (rule) => rule.effect === 'allow' && ruleCovers(scope.entity, rule, verb),
  )
}

/** Rules of the scope's entity that deny the verb. */
export function denying(verb: string, scope: Scope): readonly Rule[] {
  return rulesOf(scope.index, scope.entity).filter(
    (rule) => rule.effect === 'deny' && ruleCovers(scope.entity, rule, verb),
  )
}

/** SQL that is true when some rule allows the caller the verb on the row; denials are not looked at. */
export function allowedToSql(verb: string, scope: Scope, caller: Sql): Sql {
  const rules = allowing(verb, scope)
  if (rules.length === 0) return sql`false`
  const each = rules.map((rule) => sql`(${allOf([inAudienceToSql(rule.audience, caller), allowsToSql(rule, scope)])})`)
  return sql.join(each, ' or ')
}

/** SQL that is true when a deny stands against the caller on the row; never null. */
export function deniedToSql(rule: Rule, scope: Scope, caller: Sql): Sql {
  return sql`${inAudienceToSql(rule.audience, caller)} and (${passesToSql(rule, scope)}) is not true`
}

/** SQL that is true when the caller may do the verb on the row. */
export function mayToSql(verb: string, scope: Scope, caller: Sql): Sql {
  const denials = denying(verb, scope).map((rule) => sql`not (${deniedToSql(rule, scope, caller)})`)
  return sql.join([sql`(${allowedToSql(verb, scope, caller)})`, ...denials], ' and ')
}
