import type { Comparison, Condition } from '../model/condition.ts'
import type { Entity } from '../model/model.ts'
import { type TypeContext, typeOfHeld } from './type-of.ts'
import { beyondNames, namesBeyond, type Ranges, targetOf } from './uncertain.ts'

type World = Omit<TypeContext, 'scopes'>

/**
 * Where a computed field is out of range, nobody knows whether a condition that names it holds. `certain`: the condition that
 * holds only where it surely does; `possible`: the one that holds wherever it might. The same object where both are the same.
 */
export function settledCondition(
  condition: Condition,
  want: 'certain' | 'possible',
  entity: Entity,
  world: World,
): Condition {
  if (!isUncertain(condition, entity, world)) return condition
  const of = (each: Condition) => settledCondition(each, want, entity, world)
  switch (condition.kind) {
    case 'and':
      return { kind: 'and', all: condition.all.map(of) }
    case 'or':
      return { kind: 'or', any: condition.any.map(of) }
    case 'not': {
      const other = want === 'certain' ? 'possible' : 'certain'
      return { kind: 'not', not: settledCondition(condition.not, other, entity, world) }
    }
    case 'path': {
      const target = targetOf(condition.relation, entity, world)
      return target === null
        ? condition
        : { ...condition, where: settledCondition(condition.where, want, target, world) }
    }
    case 'many': {
      const target = targetOf(condition.relation, entity, world)
      if (target === null || condition.where === null) return condition
      // Of none and every, more rows that meet it make it hold less.
      const other = want === 'certain' ? 'possible' : 'certain'
      const inner = condition.how === 'none' ? other : want
      return { ...condition, where: settledCondition(condition.where, inner, target, world) }
    }
    case 'may':
    case 'fact':
      return condition
    case 'compare':
      return settledComparison(condition, want, entity, world)
  }
}

/** True when a condition names a computed field that may be out of range. */
export function isUncertain(condition: Condition, entity: Entity, world: World): boolean {
  return namesBeyond(condition, entity, rangesOf(world))
}

/** Comparisons that are false of null need no word more to be certain, and those that are true of it none to be possible. */
function settledComparison(
  comparison: Comparison,
  want: 'certain' | 'possible',
  entity: Entity,
  world: World,
): Condition {
  const isTrueOfNull = comparison.op === 'isNot' || comparison.op === 'notIn'
  const names = beyondNames(comparison, entity, rangesOf(world))
  const nulls = (op: 'is' | 'isNot') => names.map((on): Condition => ({ kind: 'compare', on, op, to: absent }))
  if (want === 'certain') return isTrueOfNull ? { kind: 'and', all: [...nulls('isNot'), comparison] } : comparison
  return isTrueOfNull ? comparison : { kind: 'or', any: [...nulls('is'), comparison] }
}

const absent = { kind: 'value', value: null } as const

function rangesOf(world: World): Ranges {
  return { entities: world.entities, isBeyond: (computed, entity) => typeOfHeld(computed, entity, world).beyond }
}
