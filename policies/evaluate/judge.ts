import { type Condition, type ManyPath, type Rule, ruleCovers, rulesFor } from '#schema'
import type { ClauseTrace, RelatedTrace, Truth } from './decision.ts'
import { judgeClaim, judgeRequest } from './facts.ts'
import { judgeComparison } from './judge-comparison.ts'
import { lackedBy } from './lacked.ts'
import { callersRow, tenantsRow } from './operand.ts'
import type { Place } from './place.ts'
import { isAmong, rolesOf } from './roles.ts'
import { isOurs, keyOf, manyOf, oneOf } from './rows.ts'

/** What a condition comes to at a place, with every part of it weighed. */
export function judge(condition: Condition, place: Place): ClauseTrace {
  const leaf = (truth: Truth): ClauseTrace => ({ condition, truth, parts: [], rows: [], compared: null })
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const all = condition.kind === 'and' ? condition.all : condition.any
      const parts = all.map((each) => judge(each, place))
      const truths = parts.map(({ truth }) => truth)
      return { ...leaf(condition.kind === 'and' ? allOf(truths) : anyOf(truths)), parts }
    }
    case 'not': {
      const part = judge(condition.not, place)
      return { ...leaf(opposite(part.truth)), parts: [part] }
    }
    case 'compare':
      return judgeComparison(condition, place)
    case 'path': {
      const target = oneOf(condition.relation, place)
      return ofRow(leaf(false), target, condition.where)
    }
    case 'many':
      return judgeMany(condition, leaf(null), place)
    case 'may':
      return leaf(mayDo(condition.verb, place))
    case 'fact':
      if (condition.about === 'caller') return ofRow(leaf(false), callersRow(place), condition.where)
      if (condition.about === 'tenant') return ofRow(leaf(false), tenantsRow(place), condition.where)
      if (condition.about === 'claim') return judgeClaim(condition, place)
      if (condition.about === 'request') return judgeRequest(condition, place)
      return leaf(condition.roles.some((role) => rolesOf(place.caller, place.world.index.model).has(role)))
  }
}

/** Whether rules allow the caller the verb on the row as it is, and none denies it: what `may` asks. */
export function mayDo(verb: string, place: Place): boolean {
  const { entity, world, caller } = place
  // Rows of all are nobody's to change.
  if (verb !== 'read' && verb !== 'create' && isOurs(place, caller)) return false
  const rules = rulesFor(world.index.model, entity).filter((rule) => ruleCovers(entity, rule, verb))
  const spoken = rules.filter((rule) => isAmong(rule.audience, caller, world.index.model))
  const at = { ...place, ruled: { entity, row: place.row }, before: null }
  return spoken.some((rule) => allows(rule, at)) && !spoken.some((rule) => denies(rule, at))
}

function allows(rule: Rule, place: Place): boolean {
  if (rule.effect !== 'allow' || lackedBy(rule, place).length > 0) return false
  return rule.where === null || judge(rule.where, place).truth === true
}

/** Whether a denial stands: where it might hold, and nothing surely excuses it. */
export function denies(rule: Rule, place: Place): boolean {
  if (rule.effect !== 'deny') return false
  if (lackedBy(rule, place).length > 0) return true
  const isConcerned = rule.where === null || judge(rule.where, place).truth !== false
  return isConcerned && !(rule.unless !== null && judge(rule.unless, place).truth === true)
}

function ofRow(trace: ClauseTrace, target: Place | null, where: Condition): ClauseTrace {
  if (target === null) return trace
  const row = related(target, where)
  return { ...trace, truth: row.truth, rows: [row] }
}

function related(target: Place, where: Condition | null): RelatedTrace {
  const inner = where === null ? null : judge(where, target)
  const truth = inner === null ? true : inner.truth
  return { entity: target.entity.name, id: keyOf(target), truth, where: inner }
}

function judgeMany({ relation, how, where }: ManyPath, trace: ClauseTrace, place: Place): ClauseTrace {
  const rows = manyOf(relation, place).map((each) => related(each, where))
  const truths = rows.map(({ truth }) => truth)
  const truth = how === 'every' ? allOf(truths) : how === 'some' ? anyOf(truths) : opposite(anyOf(truths))
  return { ...trace, truth, rows }
}

function allOf(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true
}

function anyOf(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(null) ? null : false
}

function opposite(truth: Truth): Truth {
  return truth === null ? null : !truth
}
