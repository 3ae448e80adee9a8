import { type Entity, groupOf, type ToOne, targetTenantColumn } from '#schema'
import { type WhyNotLive, whyNotLive } from '../to-sql/implied-live.ts'
import { entityOf, type ModelIndex, toOneOf } from '../to-sql/model-index.ts'

/** Why what a path leads to is not copied into the rows where it begins. */
export type WhyNotCarried =
  /** A live row on the way might lead to one that is not live, or nothing is added to a table. */
  | WhyNotLive
  /** A relation on the way, or the one that it ends with, may be empty: a copy would go stale. */
  | 'optional'
  /** The row, or one that holds a copy too, is never changed, so no copy could follow. */
  | 'immutable'
  /** The path comes back to an entity that it has been at. */
  | 'circle'
  /** A key on the way has several columns. */
  | 'key'
  /** Another column has the name. */
  | 'name'

/**
 * Why the rows of an entity cannot hold what a path of to-ones leads to; null where they can: then a live row has live rows on
 * the whole way, and a foreign key holds each copy equal to what it was copied from.
 *
 * @param path names of to-one relations; the last is the one that the copy is of
 * @param end how many of the last relations are not followed: 1 where the row that the last one leads to is not asked for, else 0
 */
export function whyNotCarried(
  entity: Entity,
  path: readonly string[],
  { index, end }: { readonly index: ModelIndex; readonly end: 0 | 1 },
): WhyNotCarried | null {
  const seen = new Set<Entity>()
  let holder = entity
  for (const [at, name] of path.entries()) {
    const relation = toOneOf(holder, name)
    const isFollowed = at < path.length - end
    const isCopied = at < path.length - 1
    if (seen.has(holder)) return 'circle'
    seen.add(holder)
    if (relation.optional || groupOf(holder, name) !== null) return 'optional'
    const why = ownReason(holder, isCopied) ?? (isFollowed ? stepReason(holder, relation, index) : null)
    if (why !== null) return why
    const target = entityOf(index, relation.to)
    if (target.key.length !== 1) return 'key'
    if (targetTenantColumn(relation, index.entities) !== null && isFollowed) return 'tenant'
    holder = target
  }
  return null
}

/** What keeps a copy out of an entity's table. */
function ownReason(entity: Entity, isCopied: boolean): WhyNotCarried | null {
  if (entity.source.kind !== 'table' || entity.historyOf !== null || entity.link !== null) return 'foreign'
  if (isCopied && entity.immutable) return 'immutable'
  return null
}

/** Why a live row might lead to one that is not live, or to one whose table nothing is added to. */
function stepReason(entity: Entity, relation: ToOne, index: ModelIndex): WhyNotCarried | null {
  if (entityOf(index, relation.to).link !== null) return 'foreign'
  // Keys of rows without a tenant have no place for a copy.
  return whyNotLive(entity, relation, index) ?? (entity.tenancy === 'own' ? null : 'tenant')
}
