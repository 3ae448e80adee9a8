import type { Condition, Operator } from '#schema'
import { actorValueOf, type ModelIndex } from './model-index.ts'

/**
 * Names of what a condition must know of the caller: `id` and claims. A reach set counts as `id`: who is nobody reaches
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
      return actorValuesOf(condition.where, index)
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
    case 'compare':
      if (condition.to.kind !== 'actor' || complements.has(condition.op)) return new Set()
      return needed(condition.to.name, index)
  }
}

const complements: ReadonlySet<Operator> = new Set(['isNot', 'notIn'])

function needed(name: string, index: ModelIndex): ReadonlySet<string> {
  if (name === 'id') return new Set(['id'])
  const value = actorValueOf(index, name)
  if (value.kind === 'claim') return new Set([name])
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
