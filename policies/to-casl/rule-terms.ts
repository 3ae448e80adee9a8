import type { Condition, Rule } from '#schema'
import { actorValuesOf, lackable } from '../to-sql/actor-values.ts'
import { isOwn } from '../to-sql/own-query.ts'
import { conditionsOf } from '../to-sql/rule-match.ts'
import type { Asking } from './asking.ts'
import { conditionTerms } from './condition-terms.ts'
import { allOf, always, anyOf, asRelational, never, relational, type Terms } from './terms.ts'

/** When an allow lets the caller do its verbs on the row as it is, or a reserve gives the caller its fields. */
export function grantTerms(rule: Rule, asking: Asking): Terms {
  const lacking = lackingOf(rule, asking)
  if (lacking === 'lacks') return never
  const terms = rule.where === null ? always : conditionTerms(rule.where, false, asking)
  return lacking === 'unknown' ? asRelational(terms) : terms
}

/** When a denial stands against the caller: where it lacks something, always. */
export function denialTerms(rule: Rule, asking: Asking): Terms {
  const lacking = lackingOf(rule, asking)
  if (lacking === 'lacks') return always
  const concerned = rule.where === null ? always : conditionTerms(rule.where, false, asking)
  const terms = rule.unless === null ? concerned : allOf([concerned, conditionTerms(rule.unless, true, asking)])
  return lacking === 'unknown' ? anyOf([terms, relational]) : terms
}

/** When nobody of several reserves gives the caller a field that they speak of. */
export function reservedTerms(rules: readonly Rule[], asking: Asking): Terms {
  const able = rules.filter((rule) => lackingOf(rule, asking) !== 'lacks')
  if (able.some((rule) => lackingOf(rule, asking) === 'unknown')) return relational
  if (able.some(({ where }) => where === null)) return never
  const all: Condition = { kind: 'or', any: able.flatMap(({ where }) => where ?? []) }
  return conditionTerms(all, true, asking)
}

/** Whether the caller lacks what the rule asks of it; of its own row and that of its tenant only the database knows. */
function lackingOf(rule: Rule, { place }: Asking): 'lacks' | 'unknown' | 'nothing' {
  const { caller, world } = place
  const presets = rule.sets.map(({ name, to }): Condition => ({ kind: 'compare', on: name, op: 'is', to }))
  const asked = new Set([...conditionsOf(rule), ...presets].flatMap((each) => [...actorValuesOf(each, world.index)]))
  const isUnknown = (name: string): boolean =>
    name === lackable.caller || name === lackable.tenant || isOwn(name, world.index)
  const isLacking = (name: string): boolean => {
    if (name === 'id') return caller.id === null
    if (name === lackable.ip) return caller.request.ip === undefined
    if (name === lackable.signedInFor) return caller.request.signedInFor === undefined
    const claim = caller.claims[name]
    return claim === undefined || claim === null || claim === ''
  }
  const names = [...asked]
  if (names.some((name) => !isUnknown(name) && isLacking(name))) return 'lacks'
  return names.some(isUnknown) ? 'unknown' : 'nothing'
}
