import { type Entity, type Model, ruleCovers, rulesFor } from '#schema'

/** Verbs that change a row and that this API offers. */
const writeVerbs = ['create', 'update', 'delete', 'remove', 'restore'] as const

/** A verb that changes a row. */
export type WriteVerb = (typeof writeVerbs)[number]

/** Write verbs of an entity that at least one allow rule grants to somebody; nobody could use the others. */
export function grantedVerbs(model: Model, entity: Entity): readonly WriteVerb[] {
  const granted = rulesFor(model, entity).filter(({ effect }) => effect === 'allow')
  return writeVerbs.filter((verb) => granted.some((rule) => ruleCovers(entity, rule, verb)))
}
