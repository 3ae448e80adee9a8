import { heldRoles } from '#policies'
import { type Audience, type Entity, type Model, ruleCovers, rulesFor } from '#schema'

/** Entities that no rule shows to the caller, whatever the row; Postgres refuses whoever asks for one of their columns. */
export type HiddenEntities = Readonly<Record<string, true>>

/** @param roles of the caller, known to the model; null: a visitor */
export function hiddenEntities(model: Model, roles: readonly string[] | null): HiddenEntities {
  const known = kept.get(model) ?? new Map<string, HiddenEntities>()
  kept.set(model, known)
  const key = JSON.stringify(roles)
  const found = known.get(key) ?? findHidden(model, roles)
  known.set(key, found)
  return found
}

/** By roles; there are as many as role sets. */
const kept = new WeakMap<Model, Map<string, HiddenEntities>>()

function findHidden(model: Model, roles: readonly string[] | null): HiddenEntities {
  const held = roles === null ? null : heldRoles(model, roles)
  const hidden = model.entities.filter((entity) => !readAudiences(model, entity).some((each) => isIn(each, held)))
  return Object.fromEntries(hidden.map(({ name }) => [name, true] as const))
}

/** True when some rule shows rows of the entity to everybody, so that nobody needs to ask whose eyes they are. */
export function isHiddenFromNobody(model: Model, entity: Entity): boolean {
  return readAudiences(model, entity).some(({ kind }) => kind === 'everyone')
}

function readAudiences(model: Model, entity: Entity): readonly Audience[] {
  // Changes are read where the changed rows are.
  const ruled = entity.historyOf ?? entity.name
  return rulesFor(model, { name: ruled })
    .filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'))
    .map(({ audience }) => audience)
}

/** @param held null: a visitor */
export function isIn(audience: Audience, held: ReadonlySet<string> | null): boolean {
  if (audience.kind === 'everyone') return true
  if (audience.kind === 'except') return !audience.roles.some((role) => held?.has(role))
  if (held === null) return false
  return audience.kind === 'signedIn' || audience.roles.some((role) => held.has(role))
}
