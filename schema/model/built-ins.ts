import type { Entity, Field } from './model.ts'

/** Names of fields that Rowhouse keeps by itself. */
export type BuiltInName = 'id' | 'isShared' | 'status' | 'createdAt' | 'updatedAt' | 'deletedAt'

/** A field that Rowhouse keeps, or null where the entity does without it. */
export function builtInField(entity: Pick<Entity, 'fields'>, name: BuiltInName): Field | null {
  return entity.fields.find((field) => field.builtIn && field.name === name) ?? null
}

/** True when rows can be removed and restored: those of entities without `deletedAt` are always live. */
export function isRemovable(entity: Pick<Entity, 'fields'>): boolean {
  return builtInField(entity, 'deletedAt') !== null
}
