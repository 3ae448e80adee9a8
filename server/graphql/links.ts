import pluralize from 'pluralize'
import { lowerFirst, upperFirst } from '#base'
import {
  type Entity,
  type EntityMap,
  type FieldType,
  keyColumnsOf,
  type Model,
  ruleCovers,
  rulesFor,
  type Through,
} from '#schema'

/** A link as callers change it: on the side that says `link: true`. */
export interface LinkSide {
  readonly entity: Entity
  readonly relation: Through
  /** The entity in between, which the API does not show. */
  readonly link: Entity
  /** `tagIds` */
  readonly idsName: string
  /** `orderId` */
  readonly idName: string
  /** What identifies the row, and each of the others. */
  readonly idType: FieldType
  readonly otherType: FieldType
}

/** The links of an entity that some update rule lets somebody change. */
export function changeableLinks(model: Model, entity: Entity): readonly LinkSide[] {
  const updates = rulesFor(model, entity).filter(
    (rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'update'),
  )
  return linkSides(model, entity).filter(({ relation }) =>
    updates.some(({ fields }) => fields === null || fields.includes(relation.name)),
  )
}

/** Type of the one column that identifies rows of an entity. */
export function keyTypeOf(name: string, entities: EntityMap): FieldType {
  const entity = entities.get(name)
  const [key] = entity === undefined ? [] : keyColumnsOf(entity, entities)
  return key?.type ?? { kind: 'uuid' }
}

function linkSides(model: Model, entity: Entity): readonly LinkSide[] {
  const entities: EntityMap = new Map(model.entities.map((each) => [each.name, each]))
  return model.entities.flatMap((link) => {
    if (link.link?.entity !== entity.name) return []
    const relation = entity.relations.find(({ name }) => name === link.link?.relation)
    if (relation?.kind !== 'through') return []
    const names = { idsName: idsName(relation.name), idName: `${lowerFirst(entity.name)}Id` }
    const [idType, otherType] = [entity.name, relation.to].map((name) => keyTypeOf(name, entities))
    return [{ entity, relation, link, ...names, idType: idType!, otherType: otherType! }]
  })
}

/** `tags` → `tagIds` */
function idsName(relation: string): string {
  return `${pluralize.singular(relation)}Ids`
}

/** `link`, `tags` of `Order` → `linkOrderTags` */
export function linkMutationName(verb: 'link' | 'unlink', { entity, relation }: LinkSide): string {
  return `${verb}${entity.name}${upperFirst(relation.name)}`
}
