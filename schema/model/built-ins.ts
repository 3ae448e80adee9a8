import type { Entity, Field } from './model.ts'

/** Names of fields that Rowhouse keeps by itself. */
export type BuiltInName = 'id' | 'isShared' | 'status' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'refreshedAt'

/** A field that Rowhouse keeps, or null where the entity does without it. */
export function builtInField(entity: Pick<Entity, 'fields'>, name: BuiltInName): Field | null {
  return entity.fields.find((field) => field.builtIn && field.name === name) ?? null
}

/** True where the table tells which rows are removed: what reads such rows, locks them or restores others beside them must ask. */
export function hasDeletedAt(entity: Pick<Entity, 'fields'>): boolean {
  return builtInField(entity, 'deletedAt') !== null
}

/** True when rows can be removed and restored: they have `deletedAt`, and are not `immutable`, which are deleted or stay. */
export function isRemovable(entity: Pick<Entity, 'fields' | 'immutable'>): boolean {
  return hasDeletedAt(entity) && !entity.immutable
}
