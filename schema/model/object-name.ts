import type { Entity } from './model.ts'

/** What functions and indexes of an entity are named after: its table, with the schema in front where that is not a usual one. */
export function objectName({ schema, table }: Pick<Entity, 'schema' | 'table'>): string {
  return schema === 'app' || schema === 'public' ? table : `${schema}_${table}`
}
