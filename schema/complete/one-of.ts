import { upperFirst } from '#base'
import type { Problems } from '../load/problems.ts'
import type { Entity, ModelPath, OneOf, Relation, Shown, ToOne } from '../model/model.ts'

/** Name of the to-one that leads to a target: `subject`, `Invoice` → `subjectInvoice`. */
export function oneOfPart(name: string, to: string): string {
  return `${name}${upperFirst(to)}`
}

/** The relation to one of several entities that a to-one is part of, or null where it stands by itself. */
export function groupOf(entity: Pick<Entity, 'relations'>, toOne: string): OneOf | null {
  const found = entity.relations.find(
    (each: Relation) => each.kind === 'oneOf' && each.targets.some((target) => target.relation === toOne),
  )
  return found?.kind === 'oneOf' ? found : null
}

/** Relations of an entity that lead to one row, as the author wrote them: one to several entities as a whole, not by its to-ones. */
export function writtenOnes(entity: Entity): readonly (ToOne | OneOf)[] {
  return entity.relations.filter(
    (relation): relation is ToOne | OneOf =>
      relation.kind === 'oneOf' || (relation.kind === 'one' && groupOf(entity, relation.name) === null),
  )
}

/** The targets as they were written: at least two names, each once. */
export function readTargets(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  const sound = [...new Set(names.filter((name) => typeof name === 'string'))]
  if (sound.length >= 2 && sound.length === names.length) return sound
  const hint = sound.length === 1 ? `Write one('${sound[0]}').` : "Write oneOf(['Invoice', 'Order'])."
  const message = 'oneOf needs the names of at least two entities, each once.'
  problems.report('RELATION_ONE_OF_INVALID', { path }, message, { hint })
  return sound
}

/**
 * The to-ones of a relation to one of several, then the relation itself.
 *
 * @param shape a to-one with everything that is the same for each target
 */
export function expandOneOf(
  shown: Shown,
  shape: Omit<ToOne, 'to' | 'column'>,
  targets: readonly { readonly to: string; readonly column: string }[],
): readonly Relation[] {
  const { name, optional } = shape
  const parts = targets.map(({ to, column }) => ({ to, column, relation: oneOfPart(name, to) }))
  return [
    ...parts.map(({ to, column, relation }): ToOne => ({ ...shape, name: relation, to, column, optional: true })),
    { ...shown, kind: 'oneOf', name, optional, targets: parts.map(({ to, relation }) => ({ to, relation })) },
  ]
}
