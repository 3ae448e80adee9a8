import { entityOf, type ModelIndex } from '#policies'
import { type Entity, type ToOne, toOnesOf } from '#schema'

/** A to-one relation seen from its target. */
export interface Dependant {
  readonly entity: Entity
  readonly relation: ToOne
  readonly target: Entity
}

/** What a removal takes along. */
export interface Cascade {
  /** The entity itself first, then those whose rows go with it. */
  readonly entities: readonly Entity[]
  readonly edges: readonly Dependant[]
}

/** Relations of all entities that lead to this one, sorted by entity and in order of declaration. */
export function dependantsOf(target: Entity, index: ModelIndex): readonly Dependant[] {
  return index.model.entities.flatMap((entity) =>
    toOnesOf(entity)
      .filter((relation) => entityOf(index, relation.to) === target)
      .map((relation) => ({ entity, relation, target })),
  )
}

/** The entities whose rows are removed and restored together with one of this entity, nearest first. */
export function cascadeOf(root: Entity, index: ModelIndex): Cascade {
  const entities = [root]
  const edges: Dependant[] = []
  // Grows while it is read.
  for (const target of entities) {
    for (const dependant of dependantsOf(target, index)) {
      if (dependant.relation.onRemove !== 'cascade') continue
      edges.push(dependant)
      if (!entities.includes(dependant.entity)) entities.push(dependant.entity)
    }
  }
  return { entities, edges }
}
