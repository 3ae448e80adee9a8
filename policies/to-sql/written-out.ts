import type { Condition, Rule } from '#schema'
import { loweredMany } from './lowered-many.ts'
import { entityOf, toOneOf } from './model-index.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import { presetReads } from './rule-match.ts'
import type { Scope } from './scope.ts'
import { allowing, denying } from './verb-match.ts'

/** What an allow asks for where a rule of another row gives the right. */
export interface WrittenOut {
  readonly condition: Condition
  /** Gives the right. */
  readonly rule: Rule
}

/** The condition once for each rule that gives the right it asks for; null where that would not be the same. */
export function writtenOut(condition: Condition, scope: Scope): readonly WrittenOut[] | null {
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
  // Who lacks what such a rule gives to rows has no right by it, which its condition does not say.
  if (rules.some((rule) => presetReads(rule).length > 0)) return null
  // Their own `may` is asked where it stands.
  return rules.map((rule) => ({ rule, condition: rule.where ?? { kind: 'and', all: [] } }))
}

/** True where a right on another row is asked for. */
export function containsMay(condition: Condition): boolean {
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
