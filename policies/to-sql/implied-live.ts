import { builtInField, type Condition, type Entity, type ToOne } from '#schema'
import { expiringWholes } from './live-row.ts'
import { entityOf, type ModelIndex } from './model-index.ts'

/**
 * True when a live row's link leads to a live row for certain, so that nobody needs to look: the target cannot be removed, or takes
 * the row along, or may not be removed while the row is there. Rows of all tenants are removed by others, and an adopted
 * table by whom it always was.
 */
export function isTargetLive(entity: Entity, relation: ToOne, index: ModelIndex): boolean {
  const target = entityOf(index, relation.to)
  if (target.expires !== null || relation.onRemove === 'keep') return false
  if (entity.source.kind !== 'table' || target.source.kind !== 'table') return false
  if (entity.historyOf !== null || target.historyOf !== null) return false
  if (expiringWholes(target, index).length > 0) return false
  // A caller may link a row to itself, removed or not.
  if (index.model.actor?.entity === target.name) return false
  if (builtInField(target, 'deletedAt') !== null && builtInField(entity, 'deletedAt') === null) return false
  return target.tenancy === 'own' ? entity.tenancy === 'own' : target.tenancy === 'none' && entity.tenancy === 'none'
}

/** True of every row, however it is written. */
export function isAlwaysTrue(condition: Condition): boolean {
  return condition.kind === 'and' && condition.all.every(isAlwaysTrue)
}
