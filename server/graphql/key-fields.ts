import { type Entity, type EntityMap, type HeldColumn, keyColumnsOf } from '#schema'
import { idFieldName } from './api-names.ts'

/** What identifies a row, as callers write it: `id`, or the fields of a natural key, such as `orderId` and `productId`. */
export function keyFields(entity: Entity, entities: EntityMap): readonly HeldColumn[] {
  return keyColumnsOf(entity, entities).map((held) => {
    const relation = entity.relations.find((each) => each.name === held.name)
    return relation?.kind === 'one' ? { ...held, name: idFieldName(relation) } : held
  })
}

/** The key of a row, and nothing else that stands beside it. */
export function keyOf(
  entity: Entity,
  entities: EntityMap,
  row: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keyFields(entity, entities).map(({ name }) => [name, row[name]]))
}
