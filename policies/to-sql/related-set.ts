import { canonicalHash, fitIdentifier } from '#base'
import { type Condition, type Entity, objectName } from '#schema'
import { entityOf, type ModelIndex, toOneOf } from './model-index.ts'

/** All live rows of an entity that meet a condition, as the set form of a path asks for them. */
export interface RelatedSet {
  readonly entity: Entity
  readonly where: Condition
}

/** Name of the private function that gives a set's ids: the same condition, the same function. */
export function relatedSetName(entity: Entity, where: Condition): string {
  return fitIdentifier(`${objectName(entity)}_${canonicalHash({ entity: entity.name, where }).slice(0, 12)}`)
}

/** The sets that a condition asks for in its `set` form: its outermost paths, in order of appearance. */
export function relatedSetsOf(condition: Condition, entity: Entity, index: ModelIndex): readonly RelatedSet[] {
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap((each) => relatedSetsOf(each, entity, index))
    case 'or':
      return condition.any.flatMap((each) => relatedSetsOf(each, entity, index))
    case 'not':
      return relatedSetsOf(condition.not, entity, index)
    case 'compare':
    case 'many':
    case 'may':
    case 'fact':
      return []
    case 'path':
      return [{ entity: entityOf(index, toOneOf(entity, condition.relation).to), where: condition.where }]
  }
}
