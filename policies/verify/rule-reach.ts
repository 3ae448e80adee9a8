import type { Audience, Condition, Role, Rule } from '#schema'
import { actorNames } from '../explain/actor-words.ts'
import { rolesOf } from '../explain/audience-words.ts'
import { implies, neverHolds, type RowKind } from './implies.ts'

/** True when it is certain that the rule speaks of no row at all, whoever asks. */
export function speaksOfNone(rule: Rule, of: RowKind): boolean {
  if (rule.where !== null && neverHolds(rule.where, of)) return rule.effect === 'allow' || !namesCaller(rule)
  return rule.effect === 'deny' && rule.unless !== null && !namesCaller(rule) && implies(rule.where, rule.unless, of)
}

/** Who lacks a value that a rule names is not allowed by it, and is denied. */
export function namesCaller(rule: Rule): boolean {
  return callerNames(rule).length > 0
}

/** Names of values of the caller in a rule, `id` among them. */
export function callerNames(rule: Rule): readonly string[] {
  return [
    ...actorNames(rule),
    ...(JSON.stringify([rule.where, rule.becoming, rule.unless]).includes(idText) ? ['id'] : []),
  ]
}

const idText = JSON.stringify({ kind: 'actor', name: 'id' })

/** True when everyone of the one audience is of the other. */
export function isAudienceWithin(one: Audience, other: Audience, roles: readonly Role[]): boolean {
  if (other.kind === 'everyone') return true
  if (other.kind === 'signedIn') return one.kind === 'signedIn' || one.kind === 'roles'
  if (one.kind !== other.kind) return false
  if (one.kind === 'except' && other.kind === 'except') {
    // Whoever the other leaves out, the one leaves out too.
    return other.roles.every((role) => one.roles.some((left) => rolesOf([role], { roles }).includes(left)))
  }
  if (one.kind !== 'roles' || other.kind !== 'roles') return false
  return one.roles.every((role) => rolesOf([role], { roles }).some((held) => other.roles.includes(held)))
}

/** What a denial speaks of. */
export function deniedWhere({ where, unless }: Pick<Rule, 'where' | 'unless'>): Condition | null {
  const parts: readonly Condition[] = [
    ...(where === null ? [] : [where]),
    ...(unless === null ? [] : [{ kind: 'not', not: unless } as const]),
  ]
  return parts.length === 0 ? null : { kind: 'and', all: parts }
}
