import { type Sql, sql } from '#base'
import { builtInField, columnFields, type Entity, isZoneless } from '#schema'
import { allOf } from './all-of.ts'
import type { RowReference } from './scope.ts'

/** That the row is not removed; `true` where rows are never removed. What indexes can say: it has no `now()`. */
export function keptSql(entity: Entity, row: RowReference): Sql {
  const removed = builtInField(entity, 'deletedAt')
  return removed === null ? sql`true` : sql`${row.column(removed.column)} is null`
}

/**
 * That the row has not expired; null where rows do not expire. `now()` is the instant of the transaction and the comparison
 * leakproof, so that indexes serve behind a policy. A row without a value never expires; one with a day is there until it ends, in UTC.
 */
export function unexpiredSql(entity: Entity, row: RowReference): Sql | null {
  const field = columnFields(entity).find(({ name }) => name === entity.expires)
  if (field === undefined) return null
  const column = row.column(field.column)
  const value = field.optional ? sql`coalesce(${column}, 'infinity')` : column
  if (field.type.kind === 'date') return sql`${value} >= (now() at time zone 'utc')::date`
  return isZoneless(field) ? sql`${value} > (now() at time zone 'utc')` : sql`${value} > now()`
}

/** That the row is neither removed nor expired: what every read asks. */
export function liveSql(entity: Entity, row: RowReference): Sql {
  const unexpired = unexpiredSql(entity, row)
  const kept = keptSql(entity, row)
  if (unexpired === null) return kept
  return builtInField(entity, 'deletedAt') === null ? unexpired : allOf([kept, unexpired])
}
