import { type Sql, sql, toText } from '#base'
import {
  allowsToSql,
  audienceRoles,
  conditionsOf,
  entityOf,
  heldType,
  isFaced,
  type ModelIndex,
  ownColumn,
  ownName,
  ownQuery,
  ownReachSets,
  passesToSql,
  presetReads,
  privateRole,
  type RelatedSet,
  type RolePlaceholder,
  reachedName,
  reachGuessName,
  reachGuessQuery,
  reachName,
  reachQuery,
  reachType,
  reachViewQuery,
  reachViewsOf,
  rulesOf,
  type Scope,
  setName,
  setQuery,
} from '#policies'
import { type ActorValue, type Condition, type Entity, isReadOnly, type Rule, ruleCovers } from '#schema'
import type { DatabaseFunction, View } from '../catalog.ts'
import { policyScope, rulePartsIn, rulePolicy } from '../policies.ts'
import { privateFunction } from './private-function.ts'

type Reach = Extract<ActorValue, { kind: 'reach' }>

/** Functions behind the actor's reach sets and values of its own row, by name; each may be run by the audiences of the rules that read it. */
export function reachFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  const users = usersOf(policyConditions(index), index)
  const values = index.model.actor?.values ?? []
  const functions = values.flatMap((value) =>
    value.kind === 'claim' ? [] : callerFunctions(value, users.get(value.name) ?? [], index),
  )
  const guesses = values.flatMap((value) =>
    value.kind === 'reach' && users.has(value.name) ? [guessFunction(value, users.get(value.name)!, index)] : [],
  )
  return [...functions.sort(byName), ...guesses.sort(byName)]
}

function guessFunction(value: Reach, execute: readonly RolePlaceholder[], index: ModelIndex): DatabaseFunction {
  return privateFunction({
    name: reachGuessName(value.name),
    returns: `${reachType(value, index)}[]`,
    language: 'sql',
    volatility: 'stable',
    body: toText(reachGuessQuery(value.name)),
    execute,
    comment: `As many values as the planner should think actor.${value.name} makes of a column.`,
  })
}

function usersOf(
  conditions: readonly PolicyCondition[],
  index: ModelIndex,
): ReadonlyMap<string, readonly RolePlaceholder[]> {
  const users = new Map<string, readonly RolePlaceholder[]>()
  for (const { entity, roles, condition } of conditions)
    for (const name of ownReachSets(condition, entity, index)) users.set(name, [...(users.get(name) ?? []), ...roles])
  return users
}

/** Views of the actor's reach sets, by name, as far as policies read them; each may be read by the audiences of the rules that do. */
export function reachViews(index: ModelIndex): readonly View[] {
  const conditions = policyConditions(index).filter(({ isPart }) => isPart)
  const values = index.model.actor?.values ?? []
  const views = values.flatMap((value) => {
    const query = value.kind === 'reach' ? reachViewQuery(value, index) : null
    if (value.kind !== 'reach' || query === null) return []
    const readers = conditions.filter(({ entity }) => reachViewsOf(entity, index).has(value.name))
    const roles = usersOf(readers, index).get(value.name) ?? []
    return roles.length === 0 ? [] : [reachView(value, query, roles)]
  })
  return views.sort(byName)
}

/** With the rights of `:PRIVATE`, and its row policies: the caller's set, whatever it may read. */
function reachView(value: Reach, query: Sql, readers: readonly RolePlaceholder[]): View {
  return {
    schema: 'rowhouse_private',
    name: reachedName(value.name),
    owner: privateRole,
    comment: reachComment(value),
    securityBarrier: true,
    definition: toText(query),
    columns: [],
    grants: [...new Set(readers)].sort().map((to) => ({ to, privilege: 'select', columns: null })),
    entity: value.to,
    behindPolicies: true,
  }
}

function reachComment({ to, via }: Reach): string {
  return `Rows of ${to} that a live ${via} links to the caller.`
}

function callerFunctions(
  value: Exclude<ActorValue, { kind: 'claim' }>,
  execute: readonly RolePlaceholder[],
  index: ModelIndex,
): readonly DatabaseFunction[] {
  const common = { language: 'sql', volatility: 'stable', execute } as const
  if (value.kind === 'own') {
    const own = privateFunction({
      ...common,
      name: ownName(value.name),
      returns: heldType(ownColumn(value, index)).replace(/\(.*?\)/, ''),
      body: toText(ownQuery(value, index)),
      comment: `The "${value.field}" of the caller's own row.`,
    })
    return [own]
  }
  const reach = privateFunction({
    ...common,
    name: reachName(value.name),
    returns: `${reachType(value, index)}[]`,
    // One array: nothing is fetched row by row, and the planner asks the same function for its guess.
    body: toText(sql`select array(${reachQuery(value, index)})`),
    comment: reachComment(value),
  })
  return [reach]
}

/** Functions that policies ask about other rows, by name; rules with the same question share one. */
export function relatedSetFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  const sets = new Map<string, { readonly set: RelatedSet; readonly users: RolePlaceholder[] }>()
  for (const { set, roles } of askedSets(index)) {
    const name = setName(set)
    const known = sets.get(name) ?? { set, users: [] }
    known.users.push(...roles)
    sets.set(name, known)
  }
  const functions = [...sets].map(([name, { set, users }]) => {
    const { takes, returns, body } = setQuery(set, index)
    return privateFunction({
      name,
      ...(takes.length === 0 ? {} : { takes }),
      returns,
      language: 'sql',
      volatility: 'stable',
      body: toText(body),
      execute: users,
      comment: commentOf(set),
    })
  })
  return functions.sort(byName)
}

function commentOf(set: RelatedSet): string {
  switch (set.kind) {
    case 'keys':
      return `Live rows of ${set.entity.name} that a rule on a relation asks for.`
    case 'lineage':
      return `Live rows of ${set.entity.name} ${set.toward} those that a rule asks for.`
    case 'pairs':
      return `Values of related rows that a rule of ${set.entity.name} holds against those of its rows.`
    case 'fact':
      return `Whether the live ${set.entity.name} of the ${set.about} is as a rule wants it.`
    case 'row':
      return `Whether a row of ${set.entity.name} is what a rule wants of it, held against others.`
  }
}

interface AskedSet {
  readonly set: RelatedSet
  /** Who asks. */
  readonly roles: readonly RolePlaceholder[]
}

/** What the policies of all rules ask, told by making them. */
function askedSets(index: ModelIndex): readonly AskedSet[] {
  return index.model.policies.flatMap((policy) => {
    const entity = entityOf(index, policy.entity)
    const asked: AskedSet[] = []
    const asking = (roles: readonly RolePlaceholder[]): Scope => ({
      ...policyScope(entity, index),
      ask: (set) => asked.push({ set, roles }),
    })
    for (const { part, command } of rulePartsIn(policyScope(entity, index)))
      rulePolicy(part, command, asking(part.roles))
    for (const { rule, roles } of wholeRules(entity, index)) wholeRule(rule, asking(roles))
    return asked
  })
}

/** What a rule asks, in policies and elsewhere. */
export function setsOfRule(rule: Rule, scope: Scope): readonly RelatedSet[] {
  const sets: RelatedSet[] = []
  const asking = { ...scope, ask: (set: RelatedSet) => void sets.push(set) }
  for (const { part, command } of rulePartsIn(scope))
    if (part.rule.title === rule.title) rulePolicy(part, command, asking)
  if (ruleCovers(scope.entity, rule, 'read')) wholeRule(rule, asking)
  return sets
}

/** Rules that something else than a policy of their own says whole: the view of a report, the policies of a row's changes. */
function wholeRules(entity: Entity, index: ModelIndex) {
  const isWhole = isReadOnly(entity) || isFaced(entity, index)
  if (!isWhole && !entity.history) return []
  const rules = rulesOf(index, entity).filter((rule) => ruleCovers(entity, rule, 'read'))
  // The rules of a view are one expression, and policies of faces join rules: who runs them is asked for the right to run all of it.
  const all = isWhole ? rules.flatMap(({ audience }) => audienceRoles(audience)) : []
  return rules.map((rule) => ({ rule, roles: [...audienceRoles(rule.audience), ...all] }))
}

/** A view and changes of rows have no carried columns. */
function wholeRule(rule: Rule, given: Scope): void {
  const { carries: _, ...scope } = given
  if (rule.effect === 'deny') passesToSql(rule, scope)
  else allowsToSql(rule, scope)
}

interface PolicyCondition {
  readonly entity: Entity
  /** Who runs it. */
  readonly roles: readonly RolePlaceholder[]
  readonly condition: Condition
  /** Whether it stands in a policy of the entity's own rules. */
  readonly isPart: boolean
}

/** Conditions of the rules that become policies; verb functions look related rows up by themselves. */
function policyConditions(index: ModelIndex): readonly PolicyCondition[] {
  return index.model.policies.flatMap((policy) => {
    const entity = entityOf(index, policy.entity)
    const parts = rulePartsIn(policyScope(entity, index)).map(({ part: { rule, roles } }) => ({
      rule,
      roles,
      isPart: true,
    }))
    const whole = wholeRules(entity, index).map((each) => ({ ...each, isPart: false }))
    return [...parts, ...whole].flatMap(({ rule, roles, isPart }) =>
      [...conditionsOf(rule), ...presetReads(rule)].map((condition) => ({ entity, condition, roles, isPart })),
    )
  })
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}
