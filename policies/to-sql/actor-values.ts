import type { Condition, Fact, Operand, Operator } from '#schema'
import { actorValueOf, type ModelIndex } from './model-index.ts'

/** What a caller may lack besides its id and claims: no claim can be called so. */
export const lackable = {
  /** The caller's own live row. */
  caller: '@caller',
  /** The row of its tenant. */
  tenant: '@tenant',
  /** An address, which jobs do not have. */
  ip: '@ip',
  /** The moment of signing in, which not every token tells. */
  signedInFor: '@signedInFor',
} as const

/**
 * Names of what a condition must know of the caller: `id`, claims and what is {@link lackable}. A reach set counts as `id`: who is nobody reaches
 * nothing, and lacks the set.
 */
export function actorValuesOf(condition: Condition, index: ModelIndex): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
      return union(condition.all.map((each) => actorValuesOf(each, index)))
    case 'or':
      return union(condition.any.map((each) => actorValuesOf(each, index)))
    case 'not':
      return actorValuesOf(condition.not, index)
    case 'path':
    case 'many':
      return condition.where === null ? new Set() : actorValuesOf(condition.where, index)
    case 'may':
      return new Set()
    case 'fact':
      return factValues(condition, index)
    case 'compare':
      return condition.to.kind === 'actor' ? needed(condition.to.name, index) : new Set()
  }
}

/** Those of them that the caller is bound to have where the condition's SQL is true, so that no test for them is needed. */
export function impliedActorValues(condition: Condition, index: ModelIndex): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
      return union(condition.all.map((each) => impliedActorValues(each, index)))
    case 'or':
      return intersection(condition.any.map((each) => impliedActorValues(each, index)))
    case 'not':
      return new Set()
    case 'path':
      return impliedActorValues(condition.where, index)
    case 'many':
      return condition.how === 'some' && condition.where !== null
        ? impliedActorValues(condition.where, index)
        : new Set()
    case 'may':
      return new Set()
    case 'fact':
      return impliedByFact(condition, index)
    case 'compare':
      if (condition.to.kind !== 'actor' || complements.has(condition.op)) return new Set()
      return needed(condition.to.name, index)
  }
}

const complements: ReadonlySet<Operator> = new Set(['isNot', 'notIn'])

/** Of facts: the caller's own row needs a caller, a claim the claim. The clock is never lacking, and who did not use a second factor did not. */
function factValues(fact: Fact, index: ModelIndex): ReadonlySet<string> {
  switch (fact.about) {
    case 'caller':
      return union([new Set(['id', lackable.caller]), actorValuesOf(fact.where, index)])
    case 'tenant':
      return union([new Set([lackable.tenant]), actorValuesOf(fact.where, index)])
    case 'claim':
      return new Set([fact.on])
    case 'request':
      return fact.on === 'ip' || fact.on === 'signedInFor' ? new Set([lackable[fact.on]]) : new Set()
    case 'role':
      return new Set()
  }
}

/** A fact that holds was about something that is there. */
function impliedByFact(fact: Fact, index: ModelIndex): ReadonlySet<string> {
  const own = [...factValues(fact, index)]
  if (fact.about === 'caller' || fact.about === 'tenant')
    return union([
      new Set(fact.about === 'caller' ? ['id', lackable.caller] : [lackable.tenant]),
      impliedActorValues(fact.where, index),
    ])
  if ('op' in fact && (complements.has(fact.op as Operator) || isNullTest(fact.to))) return new Set()
  return new Set(own)
}

/** `is null` holds of what is not there; every other test that holds was about something. */
function isNullTest(to: Operand): boolean {
  return to.kind === 'value' && to.value === null
}

function needed(name: string, index: ModelIndex): ReadonlySet<string> {
  if (name === 'id') return new Set(['id'])
  const value = actorValueOf(index, name)
  if (value.kind === 'claim' || value.kind === 'own') return new Set([name])
  const where = value.where === null ? new Set<string>() : actorValuesOf(value.where, index)
  return new Set(['id', ...where])
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((each) => [...each]))
}

function intersection(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first, ...rest] = sets
  return new Set([...(first ?? [])].filter((name) => rest.every((each) => each.has(name))))
}
