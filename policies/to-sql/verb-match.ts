import { type Sql, sql } from '#base'
import { type Rule, ruleCovers } from '#schema'
import { allOf } from './all-of.ts'
import { rulesOf } from './model-index.ts'
import { allows, passes } from './rule-match.ts'
import { type CompileCondition, inAudienceToSql, type Scope } from './scope.ts'

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

/** How rules are judged. */
export interface Judge {
  readonly test: CompileCondition
  /** SQL of the caller's role name; left out, the scope's actor knows its roles. */
  readonly caller?: Sql | undefined
}

/** SQL that is true when some rule allows the caller the verb on the row; denials are not looked at. */
export function allowed(verb: string, scope: Scope, judge: Judge): Sql {
  const rules = allowing(verb, scope)
  if (rules.length === 0) return sql`false`
  const each = rules.map((rule) => sql`(${allOf([isAmong(rule, scope, judge), allows(rule, scope, judge.test)])})`)
  return sql.join(each, ' or ')
}

/** SQL that is true when a deny stands against the caller on the row; never null. */
export function denied(rule: Rule, scope: Scope, judge: Judge): Sql {
  return sql`${isAmong(rule, scope, judge)} and (${passes(rule, scope, judge.test)}) is not true`
}

/** SQL that is true when the caller may do the verb on the row. */
export function may(verb: string, scope: Scope, judge: Judge): Sql {
  const denials = denying(verb, scope).map((rule) => sql`not (${denied(rule, scope, judge)})`)
  return sql.join([sql`(${allowed(verb, scope, judge)})`, ...denials], ' and ')
}

function isAmong({ audience }: Rule, { actor }: Scope, { caller }: Judge): Sql {
  return caller === undefined ? actor.isAmong(audience) : inAudienceToSql(audience, caller)
}
