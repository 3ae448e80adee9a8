import { columnFields } from './column-fields.ts'
import type { Entity, Field, ToOne } from './model.ts'

/** To-one relations of an entity, in order of declaration: each is a column of its table. */
export function toOnesOf({ relations }: Pick<Entity, 'relations'>): readonly ToOne[] {
  return relations.filter((relation) => relation.kind === 'one')
}

/** What lists over columns may name: fields, parts of value objects, and to-one relations. */
export function columnParts(entity: Pick<Entity, 'fields' | 'relations'>): readonly (Field | ToOne)[] {
  return [...columnFields(entity), ...toOnesOf(entity)]
}

/**
 * Names of an entity's own {@link columnParts}, with those of the built-in fields that such a list may hold too.
 *
 * @param builtIns names; where the entity does without the field, it is left out
 */
export function columnNames(
  entity: Pick<Entity, 'fields' | 'relations'>,
  builtIns: readonly string[] = [],
): readonly string[] {
  return columnParts(entity)
    .filter((part) => !('builtIn' in part && part.builtIn) || builtIns.includes(part.name))
    .map(({ name }) => name)
}
