import type { Comparison, Condition } from '../model/condition.ts'
import type { Entity } from '../model/model.ts'
import { type TypeContext, typeOfHeld } from './type-of.ts'
import { type BeyondName, beyondNames, factEntity, namesBeyond, type Ranges, targetOf } from './uncertain.ts'

type World = Omit<TypeContext, 'scopes'> & Pick<Ranges, 'callers'>

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
    case 'fact': {
      const about = factEntity(condition, world)
      if (about === null || !('where' in condition)) return condition
      return { ...condition, where: settledCondition(condition.where, want, about, world) }
    }
    case 'may':
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
  if (isTrueOfNull) return want === 'certain' ? { kind: 'and', all: [...names.map(isKnown), comparison] } : comparison
  return want === 'certain' ? comparison : { kind: 'or', any: [...names.map(isUnknown), comparison] }
}

const absent = { kind: 'value', value: null } as const

function isUnknown({ name, way }: BeyondName): Condition {
  const test: Condition = { kind: 'compare', on: name, op: 'is', to: absent }
  return way.reduceRight<Condition>((where, relation) => ({ kind: 'path', relation, where }), test)
}

/** Of a row that is not there everything is known: nothing. */
function isKnown(beyond: BeyondName): Condition {
  if (beyond.way.length > 0) return { kind: 'not', not: isUnknown(beyond) }
  return { kind: 'compare', on: beyond.name, op: 'isNot', to: absent }
}

function rangesOf(world: World): Ranges {
  const isBeyond: Ranges['isBeyond'] = (computed, entity) => typeOfHeld(computed, entity, world).beyond
  return { entities: world.entities, isBeyond, callers: world.callers }
}
