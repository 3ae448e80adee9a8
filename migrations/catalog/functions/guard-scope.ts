import { type ModelIndex, namedRow, rowActor, type Scope } from '#policies'
import type { Entity } from '#schema'

/** The row of the trigger as conditions see it, asked by who writes it. */
export function rowScope(entity: Entity, index: ModelIndex, row: 'old' | 'new'): Scope {
  return { index, entity, row: namedRow(row), actor: rowActor, related: 'inline', depth: 0, carries: true }
}
