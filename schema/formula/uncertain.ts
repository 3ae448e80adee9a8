import type { Comparison, Condition, Fact } from '../model/condition.ts'
import type { Computed, Entity } from '../model/model.ts'

/** Where computed fields are looked up, and whether one may be out of range. */
export interface Ranges {
  readonly entities: ReadonlyMap<string, Entity>
  readonly isBeyond: (computed: Computed, entity: Entity) => boolean
  /** Name of the entity whose rows are callers, where conditions may speak of them. */
  readonly callers?: string | undefined
}

/**
 * True when a condition names a computed field that may be out of range.
 *
 * @param ruled the entity that the rule is about, where conditions on related rows may look back at its row
 */
export function namesBeyond(condition: Condition, entity: Entity, ranges: Ranges, ruled = entity): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.some((each) => namesBeyond(each, entity, ranges, ruled))
    case 'or':
      return condition.any.some((each) => namesBeyond(each, entity, ranges, ruled))
    case 'not':
      return namesBeyond(condition.not, entity, ranges, ruled)
    case 'many':
    case 'path': {
      const target = targetOf(condition.relation, entity, ranges)
      return target !== null && condition.where !== null && namesBeyond(condition.where, target, ranges, ruled)
    }
    case 'compare':
      return beyondNames(condition, entity, ranges).length > 0 || ruledName(condition, ruled, ranges) !== null
    case 'fact': {
      const about = factEntity(condition, ranges)
      return about !== null && 'where' in condition && namesBeyond(condition.where, about, ranges)
    }
    // Rights are settled where their rules are.
    case 'may':
      return false
  }
}

/** A computed field that may be out of range, and the to-ones that lead to the row whose it is. */
export interface BeyondName {
  readonly name: string
  readonly way: readonly string[]
}

/**
 * Computed fields of a row, or of what it leads to, that may be out of range; whoever asks whether there is a value at all has thought of it.
 * Those of the row that the rule is about are given by {@link ruledName}.
 */
export function beyondNames({ on, op, to }: Comparison, entity: Entity, ranges: Ranges): readonly BeyondName[] {
  if (to.kind === 'value' && to.value === null && (op === 'is' || op === 'isNot')) return []
  const other = to.kind === 'row' && to.of !== 'rule' ? [{ name: to.name, way: to.way ?? [] }] : []
  return [{ name: on, way: [] }, ...other].filter((name) => isBeyondOf(name, entity, ranges))
}

/** A computed field of the row that the rule is about which a comparison reads and which may be out of range. */
export function ruledName({ to }: Comparison, ruled: Entity, ranges: Ranges): BeyondName | null {
  if (to.kind !== 'row' || to.of !== 'rule') return null
  const name = { name: to.name, way: to.way ?? [] }
  return isBeyondOf(name, ruled, ranges) ? name : null
}

function isBeyondOf({ name, way }: BeyondName, entity: Entity, ranges: Ranges): boolean {
  const end = way.reduce<Entity | null>((at, each) => at && targetOf(each, at, ranges), entity)
  const computed = end?.computed.find((each) => each.name === name)
  return computed !== undefined && ranges.isBeyond(computed, end!)
}

/** The entity whose row a fact is about; null of facts that are about no row. */
export function factEntity(fact: Fact, { entities, callers }: Pick<Ranges, 'entities' | 'callers'>): Entity | null {
  if (fact.about === 'caller') return callers === undefined ? null : (entities.get(callers) ?? null)
  if (fact.about !== 'tenant') return null
  return [...entities.values()].find(({ tenancy }) => tenancy === 'self') ?? null
}

/** The entity that a relation leads to; null where it may be one of several. */
export function targetOf(relation: string, entity: Entity, { entities }: Pick<Ranges, 'entities'>): Entity | null {
  const found = entity.relations.find(({ name }) => name === relation)
  return found === undefined || found.kind === 'oneOf' ? null : (entities.get(found.to) ?? null)
}
