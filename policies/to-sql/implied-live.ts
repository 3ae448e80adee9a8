import { builtInField, type Condition, type Entity, type ToOne } from '#schema'
import { expiringWholes } from './live-row.ts'
import { entityOf, type ModelIndex } from './model-index.ts'

/** Why a live row might lead to a row that is not live. */
export type WhyNotLive =
  /** The row outlives the removal of what the relation leads to. */
  | 'keep'
  /** The rows that it leads to expire by themselves, or with what they are part of. */
  | 'expires'
  /** Rows of all tenants are removed by others; those of none are no tenant's. */
  | 'tenant'
  /** A table that was there before is removed from by whom it always was; a view and a history are kept by nobody's keys. */
  | 'foreign'
  /** A caller may link a row to itself, removed or not. */
  | 'caller'

/**
 * Why somebody has to look whether a live row's link leads to a live row; null where it does for certain: the target cannot be
 * removed, or takes the row along, or may not be removed while the row is there.
 */
export function whyNotLive(entity: Entity, relation: ToOne, index: ModelIndex): WhyNotLive | null {
  const target = entityOf(index, relation.to)
  for (const each of [entity, target]) if (each.source.kind !== 'table' || each.historyOf !== null) return 'foreign'
  const { tenancy } = entity
  if (target.tenancy !== tenancy || (tenancy !== 'own' && tenancy !== 'none')) return 'tenant'
  if (target.expires !== null || expiringWholes(target, index).length > 0) return 'expires'
  if (target.name === index.model.actor?.entity) return 'caller'
  if (builtInField(target, 'deletedAt') === null) return null
  return relation.onRemove === 'keep' || builtInField(entity, 'deletedAt') === null ? 'keep' : null
}

/** True of every row, however it is written. */
export function isAlwaysTrue(condition: Condition): boolean {
  return condition.kind === 'and' && condition.all.every(isAlwaysTrue)
}
