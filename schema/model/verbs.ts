import { isRemovable } from './built-ins.ts'
import type { Entity, Model, Rule } from './model.ts'
import { isReadOnly } from './read-only.ts'

/** Verbs that every entity may have. */
export const plainVerbs = ['read', 'create', 'update', 'remove', 'restore', 'delete'] as const

/** Verbs of an entity: the plain ones, its transitions and its actions. */
export function verbsOf(entity: Entity): readonly string[] {
  const { lifecycle, actions, immutable } = entity
  if (isReadOnly(entity)) return ['read']
  const can = (verb: string) => (isRemoval.has(verb) ? isRemovable(entity) : verb !== 'update' || !immutable)
  const plain = plainVerbs.filter(can)
  return [...plain, ...(lifecycle?.transitions ?? []).map(({ name }) => name), ...actions.map(({ name }) => name)]
}

const isRemoval: ReadonlySet<string> = new Set(['remove', 'restore'])

/** True when a rule of the entity speaks of one of the verbs: `anything` means those that the entity has, and no other. */
export function ruleCovers(entity: Entity, { verbs }: Pick<Rule, 'verbs'>, ...asked: readonly string[]): boolean {
  const covered = verbs === 'anything' ? verbsOf(entity) : verbs
  return asked.some((verb) => covered.includes(verb))
}

/** The rules of an entity as declared, none where it has no policy. */
export function rulesFor(model: Pick<Model, 'policies'>, entity: Pick<Entity, 'name'>): readonly Rule[] {
  return model.policies.find((policy) => policy.entity === entity.name)?.rules ?? []
}
