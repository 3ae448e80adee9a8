import type { Entity } from '../model/model.ts'
import type { Verification } from './context.ts'

/** What the author wrote as `unique` or `indexes` of an entity. */
export function writtenList({ app }: Verification, entity: string, key: 'unique' | 'indexes'): readonly unknown[] {
  const declaration = app.declarations.find((each) => each.kind === 'entity' && each.of === entity)
  const written = declaration?.kind === 'entity' ? declaration.declared.definition[key] : undefined
  return Array.isArray(written) ? written : []
}

/** How many of an entity's come from single fields: they stand before the written ones. */
export function writtenOffset(check: Verification, entity: Entity, key: 'unique' | 'indexes'): number {
  return entity[key].length - writtenList(check, entity.name, key).length
}
