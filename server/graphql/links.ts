import pluralize from 'pluralize'
import { lowerFirst, upperFirst } from '#base'
import type { Entity, Model, Through } from '#schema'

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
}

/** The links of an entity that some update rule lets somebody change. */
export function changeableLinks(model: Model, entity: Entity): readonly LinkSide[] {
  const rules = model.policies.find((policy) => policy.entity === entity.name)?.rules ?? []
  const updates = rules.filter(
    ({ effect, verbs }) => effect === 'allow' && (verbs === 'anything' || verbs.includes('update')),
  )
  return linkSides(model, entity).filter(({ relation }) =>
    updates.some(({ fields }) => fields === null || fields.includes(relation.name)),
  )
}

function linkSides(model: Model, entity: Entity): readonly LinkSide[] {
  return model.entities.flatMap((link) => {
    if (link.link?.entity !== entity.name) return []
    const relation = entity.relations.find(({ name }) => name === link.link?.relation)
    if (relation?.kind !== 'through') return []
    return [{ entity, relation, link, idsName: idsName(relation.name), idName: `${lowerFirst(entity.name)}Id` }]
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
