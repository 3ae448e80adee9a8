import { type Sql, sql } from '#base'
import type { Condition, Rule } from '#schema'
import { actorValuesOf, impliedActorValues, lackable } from './actor-values.ts'
import { allOf } from './all-of.ts'
import { anyRow } from './lowered-many.ts'
import type { ModelIndex } from './model-index.ts'
import { operandOf } from './operand-of.ts'
import { isOwn } from './own-query.ts'
import type { CompileCondition, Scope } from './scope.ts'
import { isStatementWide } from './statement-wide.ts'

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

/** What a rule reads of the caller to give it to a row, as comparisons. */
export function presetReads(rule: Rule): readonly Condition[] {
  return rule.sets.flatMap(({ name, to }): readonly Condition[] =>
    to.kind === 'actor' ? [{ kind: 'compare', on: name, op: 'is', to }] : [],
  )
}

/** SQL that is true exactly when an allow matches the row as it is (for `create`: the new row). */
export function allows(rule: Rule, scope: Scope, test: CompileCondition): Sql {
  return matchToSql(rule, rule.where, { scope, test })
}

/** SQL that is true exactly when an allow accepts the row as an update would leave it. */
export function accepts(rule: Rule, scope: Scope, test: CompileCondition): Sql {
  return matchToSql(rule, becomingOf(rule), { scope, test })
}

/** SQL that is true exactly when a deny does not match: the row may pass. */
export function passes(rule: Rule, scope: Scope, test: CompileCondition): Sql {
  const { where, unless } = rule
  const judging = { scope, test }
  const wide = passCondition(rule)
  // A restrictive policy that says the same of every row opens the way alone.
  if (isStatementWide(wide)) {
    const implied = impliedActorValues(wide, scope.index)
    return allOf([test(wide, scope), ...presence(rule, implied, judging)])
  }
  const concerned = where === null ? null : sql`(${test(where, { ...withoutGate(scope), negated: true })}) is not true`
  const excused = unless === null ? null : operandOf('and', unless, withoutGate(scope), test)
  const passing =
    concerned === null ? (excused ?? sql`false`) : excused === null ? concerned : sql`(${concerned} or (${excused}))`
  const implied = concerned === null && unless !== null ? impliedActorValues(unless, scope.index) : new Set<string>()
  return allOf([passing, ...presence(rule, implied, judging)])
}

/** What must hold for a deny to let a row pass. */
function passCondition({ where, unless }: Rule): Condition {
  const any: Condition[] = where === null ? [] : [{ kind: 'not', not: where }]
  if (unless !== null) any.push(unless)
  const [only] = any
  return any.length === 1 && only !== undefined ? only : { kind: 'or', any }
}

interface Judging {
  readonly scope: Scope
  readonly test: CompileCondition
}

function matchToSql(rule: Rule, condition: Condition | null, { scope, test }: Judging): Sql {
  const implied = condition === null ? new Set<string>() : impliedActorValues(condition, scope.index)
  const tests = presence(rule, implied, { scope, test })
  return allOf([...(condition === null ? [] : [operandOf('and', condition, scope, test)]), ...tests])
}

/** Tests that the caller has what the rule asks of it: without, an allow does not match and a deny does. */
function presence(rule: Rule, implied: ReadonlySet<string>, judging: Judging): readonly Sql[] {
  return missable(rule, judging.scope.index)
    .filter((name) => !implied.has(name))
    .map((name) => hasToSql(name, judging))
}

function missable(rule: Rule, index: ModelIndex): readonly string[] {
  return [
    ...new Set([...conditionsOf(rule), ...presetReads(rule)].flatMap((each) => [...actorValuesOf(each, index)])),
  ].sort()
}

function hasToSql(name: string, { scope, test }: Judging): Sql {
  const { actor } = scope
  switch (name) {
    case 'id':
      return sql`${actor.id()} is not null`
    case lackable.ip:
      return sql`${actor.request('ip')} is not null`
    case lackable.signedInFor:
      return sql`${actor.request('signedInFor')} is not null`
    case lackable.caller:
      return test({ kind: 'fact', about: 'caller', where: anyRow }, withoutGate(scope))
    case lackable.tenant:
      return test({ kind: 'fact', about: 'tenant', where: anyRow }, withoutGate(scope))
    default:
      return isOwn(name, scope.index) ? sql`${actor.own(name)} is not null` : actor.hasClaim(name)
  }
}

function withoutGate({ gate: _, guess: __, ...scope }: Scope): Scope {
  return scope
}
