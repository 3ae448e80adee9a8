import { fitIdentifier, type Sql, sql } from '#base'
import { builtInField, columnFields, type Entity, isZoneless, objectName, type ToOne, toOnesOf } from '#schema'
import { allOf } from './all-of.ts'
import { entityOf, idColumnOf, type ModelIndex, tableSql } from './model-index.ts'
import { namedRow, type RowReference } from './scope.ts'

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

/** The relations by which rows are parts of rows that expire, or of parts of such. */
export function expiringWholes(entity: Entity, index: ModelIndex): readonly ToOne[] {
  return partsOfExpiring(entity, index, [])
}

function partsOfExpiring(entity: Entity, index: ModelIndex, way: readonly Entity[]): readonly ToOne[] {
  return toOnesOf(entity).filter(({ part, to }) => {
    const whole = entityOf(index, to)
    if (!part || way.includes(whole)) return false
    return whole.expires !== null || partsOfExpiring(whole, index, [...way, entity]).length > 0
  })
}

/** Name of the function that gives the rows of an entity that have expired, by themselves or with their whole. */
export function expiredSetName(entity: Entity): string {
  return fitIdentifier(`expired_${objectName(entity)}`)
}

/**
 * Whether the whole is looked up by who may see every row (`inline`), or the caller asks once per statement which ones have
 * expired (`set`): a hashed `not in`, as cheap for many as for none.
 */
export type WholesBy = 'inline' | 'set'

/** That neither the row nor a row that it is a part of has expired; null where none ever does. */
export function lastingSql(entity: Entity, row: RowReference, index: ModelIndex, by: WholesBy = 'inline'): Sql | null {
  return lasting(entity, row, { index, by, depth: 1 })
}

function lasting(
  entity: Entity,
  row: RowReference,
  { index, by, depth }: { readonly index: ModelIndex; readonly by: WholesBy; readonly depth: number },
): Sql | null {
  const own = unexpiredSql(entity, row)
  const wholes = expiringWholes(entity, index).map(({ column, to }) => {
    const whole = entityOf(index, to)
    const link = row.column(column)
    if (by === 'set') return sql`${link} not in (select ${sql.identifier('rowhouse_private', expiredSetName(whole))}())`
    const alias = namedRow(`w${depth}`)
    const tests = allOf([
      sql`${alias.column(idColumnOf(whole, index).column)} = ${link}`,
      lasting(whole, alias, { index, by, depth: depth + 1 })!,
    ])
    return sql`exists (select from ${tableSql(whole)} ${sql.raw(`w${depth}`)} where ${tests})`
  })
  const tests = [...(own === null ? [] : [own]), ...wholes]
  return tests.length === 0 ? null : allOf(tests)
}

/** That the row is neither removed nor expired, and belongs into no row that has: what every read asks. */
export function liveSql(entity: Entity, row: RowReference, index: ModelIndex, by: WholesBy = 'inline'): Sql {
  const lasts = lastingSql(entity, row, index, by)
  const kept = keptSql(entity, row)
  if (lasts === null) return kept
  return builtInField(entity, 'deletedAt') === null ? lasts : allOf([kept, lasts])
}
