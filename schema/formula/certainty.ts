import type { Comparison, Condition, ManyPath, Path } from '../model/condition.ts'
import { conditionParts } from '../model/condition-parts.ts'
import type { Entity } from '../model/model.ts'
import { type TypeContext, typeOfHeld } from './type-of.ts'
import { type BeyondName, beyondNames, factEntity, namesBeyond, type Ranges, ruledName, targetOf } from './uncertain.ts'

type World = Omit<TypeContext, 'scopes'> & Pick<Ranges, 'callers'>

/**
 * Where a computed field is out of range, nobody knows whether a condition that names it holds. `certain`: the condition that
 * holds only where it surely does; `possible`: the one that holds wherever it might. The same object where both are the same.
 */
export function settledCondition(condition: Condition, want: Want, entity: Entity, world: World): Condition {
  return settled(condition, want, { entity, ruled: entity, isRuled: true, decided: [], world })
}

type Want = 'certain' | 'possible'

/** Where a condition stands. */
interface Place {
  readonly entity: Entity
  /** The entity that the rule is about. */
  readonly ruled: Entity
  /** Whether the row at hand is the one that the rule is about. */
  readonly isRuled: boolean
  /** Names of that row which are read further in, and whether they are out of range there. */
  readonly decided: readonly { readonly key: string; readonly isKnown: boolean }[]
  readonly world: World
}

function settled(condition: Condition, want: Want, place: Place): Condition {
  const { entity, ruled, world } = place
  if (!namesBeyond(condition, entity, rangesOf(world), ruled)) return condition
  const of = (each: Condition) => settled(each, want, place)
  const other = want === 'certain' ? 'possible' : 'certain'
  switch (condition.kind) {
    case 'and':
      return { kind: 'and', all: condition.all.map(of) }
    case 'or':
      return { kind: 'or', any: condition.any.map(of) }
    case 'not':
      return { kind: 'not', not: settled(condition.not, other, place) }
    case 'path':
    case 'many':
    case 'compare': {
      const read = place.isRuled ? undecidedName(condition, place) : null
      return read === null ? settledHere(condition, want, place) : withRuledName(condition, read, want, place)
    }
    case 'fact': {
      const about = factEntity(condition, world)
      if (about === null || !('where' in condition)) return condition
      return { ...condition, where: settledCondition(condition.where, want, about, world) }
    }
    case 'may':
      return condition
  }
}

type Looking = Comparison | Path | ManyPath

function settledHere(condition: Looking, want: Want, place: Place): Condition {
  if (condition.kind === 'compare') return settledComparison(condition, want, place)
  const target = targetOf(condition.relation, place.entity, place.world)
  if (target === null || condition.where === null) return condition
  const inside = { ...place, entity: target, isRuled: false }
  if (condition.kind === 'path') return { ...condition, where: settled(condition.where, want, inside) }
  // Of none and every, more rows that meet it make it hold less.
  const inner = condition.how !== 'none' ? want : want === 'certain' ? 'possible' : 'certain'
  return { ...condition, where: settled(condition.where, inner, inside) }
}

/**
 * A name of the rule's row that related rows are held against is decided before they are looked at: either it is in range, or
 * whatever is compared with it is not known.
 */
function withRuledName(condition: Looking, read: BeyondName, want: Want, place: Place): Condition {
  const decide = (isKnown: boolean) =>
    settled(condition, want, { ...place, decided: [...place.decided, { key: keyOf(read), isKnown }] })
  const [known, unknown] = [decide(true), decide(false)]
  return want === 'certain'
    ? { kind: 'or', any: [{ kind: 'and', all: [isKnown(read), known] }, unknown] }
    : { kind: 'or', any: [known, { kind: 'and', all: [isUnknown(read), unknown] }] }
}

/** The first name of the rule's row that is read in a condition, may be out of range, and is not decided yet. */
function undecidedName(condition: Condition, { ruled, world, decided }: Place): BeyondName | null {
  if (condition.kind === 'compare') {
    const read = ruledName(condition, ruled, rangesOf(world))
    return read === null || decided.some(({ key }) => key === keyOf(read)) ? null : read
  }
  for (const { where, about } of conditionParts(condition)) {
    if (about === 'caller' || about === 'tenant') continue
    const read = undecidedName(where, { entity: ruled, ruled, isRuled: true, decided, world })
    if (read !== null) return read
  }
  return null
}

function keyOf({ name, way }: BeyondName): string {
  return [...way, name].join('.')
}

/** True when a condition names a computed field that may be out of range. */
export function isUncertain(condition: Condition, entity: Entity, world: World): boolean {
  return namesBeyond(condition, entity, rangesOf(world))
}

/** Comparisons that are false of null need no word more to be certain, and those that are true of it none to be possible. */
function settledComparison(comparison: Comparison, want: Want, { entity, ruled, decided, world }: Place): Condition {
  const read = ruledName(comparison, ruled, rangesOf(world))
  const isLost = read !== null && decided.some(({ key, isKnown }) => key === keyOf(read) && !isKnown)
  if (isLost) return want === 'certain' ? never : always
  const isTrueOfNull = comparison.op === 'isNot' || comparison.op === 'notIn'
  const names = beyondNames(comparison, entity, rangesOf(world))
  if (names.length === 0) return comparison
  if (isTrueOfNull) return want === 'certain' ? { kind: 'and', all: [...names.map(isKnown), comparison] } : comparison
  return want === 'certain' ? comparison : { kind: 'or', any: [...names.map(isUnknown), comparison] }
}

const always: Condition = { kind: 'and', all: [] }
const never: Condition = { kind: 'or', any: [] }
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
