import type { Audience, Condition, Role, Rule } from '#schema'
import { loweredMany } from './lowered-many.ts'
import { entityOf, toOneOf } from './model-index.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import { anonymous, audienceRoles, member, type RolePlaceholder, rolePlaceholder } from './role-placeholder.ts'
import type { Scope } from './scope.ts'
import { allowing, denying } from './verb-match.ts'

/** What an allow says to some of its audience. All parts of a rule say together what the rule says. */
export interface RulePart {
  readonly rule: Rule
  /** Whom a policy of this part is for. */
  readonly roles: readonly RolePlaceholder[]
  /** Who of them is meant besides, asked once per statement; null: all. */
  readonly among: Audience | null
  /** Tells the parts of a rule apart: the titles of the rules that `may` stood for. Empty where the rule is one part. */
  readonly by: readonly string[]
}

/**
 * An allow that asks for a right on another row (`{ order: may('read') }`), written out for each rule that gives the right: row
 * policies are made per role, so whoever sees all orders looks none up. One part, the rule itself, where that says no
 * more: `may` stands in a deny, under `not` or `or`, twice, or a denial speaks there too.
 */
export function rulePartsOf(rule: Rule, scope: Scope): readonly RulePart[] {
  const whole: RulePart = { rule, roles: audienceRoles(rule.audience), among: null, by: [] }
  if (rule.effect !== 'allow') return [whole]
  const key = rule.where !== null && containsMay(rule.where) ? 'where' : 'becoming'
  const condition = rule[key]
  if (condition === null || condition === 'anything') return [whole]
  // Old row and new row would be written out each by itself, and joined crosswise.
  if (key === 'where' && rule.becoming !== null && rule.becoming !== 'anything' && containsMay(rule.becoming))
    return [whole]
  const written = writtenOut(condition, scope)
  if (written === null) return [whole]
  return written.flatMap(({ condition: part, rule: parent }) => {
    const { roles, tested } = meeting(rule.audience, parent.audience, scope.index.model.roles)
    const said = { rule: { ...rule, [key]: part }, by: [parent.title] }
    return [
      ...(roles.length === 0 ? [] : [{ ...said, roles, among: null }]),
      ...(tested.length === 0 ? [] : [{ ...said, roles: tested, among: parent.audience }]),
    ]
  })
}

interface WrittenOut {
  readonly condition: Condition
  readonly rule: Rule
}

/** The condition once for each rule that gives the right it asks for; null where that would not be the same. */
function writtenOut(condition: Condition, scope: Scope): readonly WrittenOut[] | null {
  switch (condition.kind) {
    case 'and': {
      const asking = condition.all.filter(containsMay)
      const [only] = asking
      if (only === undefined || asking.length > 1) return null
      const parts = writtenOut(only, scope)
      const put = (part: Condition) => condition.all.map((each) => (each === only ? part : each))
      return parts?.map((each) => ({ ...each, condition: { kind: 'and', all: put(each.condition) } })) ?? null
    }
    case 'path': {
      const entity = entityOf(scope.index, toOneOf(scope.entity, condition.relation).to)
      const parts = writtenOut(condition.where, { ...scope, entity })
      return parts?.map((each) => ({ ...each, condition: { ...condition, where: each.condition } })) ?? null
    }
    case 'many':
      return writtenOutMany(condition, scope)
    case 'may':
      return writtenOutMay(condition.verb, scope)
    case 'or':
    case 'not':
    case 'compare':
    case 'fact':
      return null
  }
}

function writtenOutMany(many: Extract<Condition, { kind: 'many' }>, scope: Scope): readonly WrittenOut[] | null {
  if (many.how !== 'some' || many.where === null) return null
  const relation = scope.entity.relations.find(({ name }) => name === many.relation)
  if (relation === undefined || !('to' in relation)) return null
  if (relation.kind !== 'lineage' && loweredMany(many, scope.entity, scope.index) === null) return null
  const parts = writtenOut(many.where, { ...scope, entity: entityOf(scope.index, relation.to) })
  return parts?.map((each) => ({ ...each, condition: { ...many, where: each.condition } })) ?? null
}

function writtenOutMay(verb: string, scope: Scope): readonly WrittenOut[] | null {
  const rules = allowing(verb, scope)
  const isPlain = scope.entity.tenancy !== 'shared' && scope.entity.link === null && scope.entity.historyOf === null
  if (!isPlain || denying(verb, scope).length > 0) return null
  // Written out, "the row that the rule is about" would be another.
  if (rules.some(({ where }) => where !== null && readsRuleRow(where))) return null
  // Their own `may` is asked where it stands.
  return rules.map((rule) => ({ rule, condition: rule.where ?? { kind: 'and', all: [] } }))
}

function containsMay(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.some(containsMay)
    case 'or':
      return condition.any.some(containsMay)
    case 'not':
      return containsMay(condition.not)
    case 'path':
      return containsMay(condition.where)
    case 'many':
      return condition.where !== null && containsMay(condition.where)
    case 'may':
      return true
    case 'compare':
    case 'fact':
      return false
  }
}

/** Roles whose members are in both audiences, and roles of the first whose members may be in the second. */
function meeting(ours: Audience, theirs: Audience, known: readonly Role[]) {
  const roles = new Set<RolePlaceholder>()
  const tested = new Set<RolePlaceholder>()
  const includes = inclusion(known)
  const ofApp = new Set([member, ...known.map(({ name }) => rolePlaceholder(name))])
  // Nobody is a visitor and signed in at once. Markers of `everyoneExcept` are held by some of both.
  const isApart = (one: RolePlaceholder, other: RolePlaceholder) => one === anonymous && ofApp.has(other)
  for (const our of audienceRoles(ours))
    for (const their of audienceRoles(theirs)) {
      if (includes(our, their)) roles.add(our)
      else if (includes(their, our)) roles.add(their)
      else if (!isApart(our, their) && !isApart(their, our)) tested.add(our)
    }
  // Who is in both for certain needs no policy that asks.
  return { roles: [...roles].sort(), tested: [...tested].filter((role) => !roles.has(role)).sort() }
}

/** Whether everybody who has the one role has the other. */
function inclusion(known: readonly Role[]): (one: RolePlaceholder, other: RolePlaceholder) => boolean {
  const held = new Map<RolePlaceholder, ReadonlySet<RolePlaceholder>>()
  const visit = (name: string, into: Set<RolePlaceholder>): void => {
    const role = rolePlaceholder(name)
    if (into.has(role)) return
    into.add(role)
    for (const included of known.find((each) => each.name === name)?.includes ?? []) visit(included, into)
  }
  for (const { name } of known) {
    const all = new Set<RolePlaceholder>([member])
    visit(name, all)
    held.set(rolePlaceholder(name), all)
  }
  return (one, other) => one === other || held.get(one)?.has(other) === true
}
