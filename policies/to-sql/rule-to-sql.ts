import { type Sql, sql } from '#base'
import type { Condition, Rule } from '#schema'
import { actorValuesOf, impliedActorValues } from './actor-values.ts'
import { allOf } from './all-of.ts'
import { conditionToSql, conjunct } from './condition-to-sql.ts'
import type { ModelIndex } from './model-index.ts'
import type { ActorSource, Scope } from './scope.ts'

/** Condition that an update by this rule must leave behind, or null when any row will do. */
function becomingOf(rule: Rule): Condition | null {
  if (rule.becoming === 'anything') return null
  return rule.becoming ?? rule.where
}

/** Every condition of a rule. */
export function conditionsOf(rule: Rule): readonly Condition[] {
  const becoming = rule.becoming === 'anything' ? null : rule.becoming
  return [rule.where, becoming, rule.unless].filter((each) => each !== null)
}

/** SQL that is true exactly when an allow matches the row as it is (for `create`: the new row). */
export function allowsToSql(rule: Rule, scope: Scope): Sql {
  return matchToSql(rule, rule.where, scope)
}

/** SQL that is true exactly when an allow accepts the row as an update would leave it. */
export function becomingToSql(rule: Rule, scope: Scope): Sql {
  return matchToSql(rule, becomingOf(rule), scope)
}

/** SQL that is true exactly when a deny does not match: the row may pass. */
export function passesToSql(rule: Rule, scope: Scope): Sql {
  const { where, unless } = rule
  const concerned = where === null ? null : sql`(${conditionToSql(where, scope)}) is not true`
  const excused = unless === null ? null : conjunct(unless, scope)
  const passes =
    concerned === null ? (excused ?? sql`false`) : excused === null ? concerned : sql`(${concerned} or (${excused}))`
  const implied = concerned === null && unless !== null ? impliedActorValues(unless, scope.index) : new Set<string>()
  return allOf([passes, ...presence(rule, implied, scope)])
}

function matchToSql(rule: Rule, condition: Condition | null, scope: Scope): Sql {
  const implied = condition === null ? new Set<string>() : impliedActorValues(condition, scope.index)
  const tests = presence(rule, implied, scope)
  return allOf([...(condition === null ? [] : [conjunct(condition, scope)]), ...tests])
}

/** Tests that the caller has what the rule asks of it: without, an allow does not match and a deny does. */
function presence(rule: Rule, implied: ReadonlySet<string>, scope: Scope): readonly Sql[] {
  return missable(rule, scope.index)
    .filter((name) => !implied.has(name))
    .map((name) => hasToSql(name, scope.actor))
}

function missable(rule: Rule, index: ModelIndex): readonly string[] {
  return [...new Set(conditionsOf(rule).flatMap((each) => [...actorValuesOf(each, index)]))].sort()
}

function hasToSql(name: string, actor: ActorSource): Sql {
  return name === 'id' ? sql`${actor.id()} is not null` : actor.hasClaim(name)
}
