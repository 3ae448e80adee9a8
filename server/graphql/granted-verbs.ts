import { type Entity, type Model, verbsOf } from '#schema'

/** Verbs that change a row and that this API offers. */
const writeVerbs = ['create', 'update', 'delete', 'remove', 'restore'] as const

/** A verb that changes a row. */
export type WriteVerb = (typeof writeVerbs)[number]

/** Write verbs of an entity that at least one allow rule grants to somebody; nobody could use the others. */
export function grantedVerbs(model: Model, entity: Entity): readonly WriteVerb[] {
  const rules = model.policies.find((policy) => policy.entity === entity.name)?.rules ?? []
  const granted = rules.filter((rule) => rule.effect === 'allow').map((rule) => rule.verbs)
  const known = verbsOf(entity)
  return writeVerbs.filter(
    (verb) => known.includes(verb) && granted.some((verbs) => verbs === 'anything' || verbs.includes(verb)),
  )
}
