import type { Entity } from '#schema'

/** Names of the fields and to-one relations that `only` and `except` speak of: all that a caller may ever write. */
export function coverableNames(entity: Entity): readonly string[] {
  const fields = entity.fields.filter(({ builtIn }) => !builtIn)
  const ones = entity.relations.filter(({ kind }) => kind === 'one')
  return [...fields, ...ones].map(({ name }) => name)
}
