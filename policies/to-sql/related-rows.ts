import { type Sql, sql } from '#base'
import { type Entity, isShared, ours, tenantColumnOf } from '#schema'
import { allOf } from './all-of.ts'
import { liveSql } from './live-row.ts'
import { tableSql } from './model-index.ts'
import { namedRow, type RowReference, type Scope } from './scope.ts'

/** A sub-select of related rows, one level deeper. */
export interface RelatedRows {
  readonly alias: Sql
  readonly row: RowReference
  /** For what is asked of these rows. */
  readonly scope: Scope
}

/** Opens a sub-select of an entity's rows inside of a scope. */
export function relatedRows(entity: Entity, scope: Scope): RelatedRows {
  const depth = scope.depth + 1
  const alias = `t${depth}`
  const row = namedRow(alias)
  const rule = scope.rule ?? { entity: scope.entity, row: scope.row }
  const { gate: _, before: __, carries: ___, guess: ____, reachViews: _____, ...rest } = scope
  return { alias: sql.raw(alias), row, scope: { ...rest, entity, row, depth, rule } }
}

/** `exists (…)` of live rows of the tenant that meet the tests. */
export function existsSql({ alias, row, scope }: RelatedRows, tests: readonly [isRelated: Sql, where: Sql]): Sql {
  const [isRelated, where] = tests
  const all = allOf([isRelated, ...ofTenant(scope.entity, row, scope), liveSql(scope.entity, row, scope.index), where])
  return sql`exists (select from ${tableSql(scope.entity)} ${alias} where ${all})`
}

/** A value of the one live row of the tenant that is meant; null where there is none. */
export function valueOfSql({ alias, row, scope }: RelatedRows, isRelated: Sql, value: Sql): Sql {
  const tests = [isRelated, ...ofTenant(scope.entity, row, scope), liveSql(scope.entity, row, scope.index)]
  return sql`(select ${value} from ${tableSql(scope.entity)} ${alias} where ${allOf(tests)})`
}

/** That rows are of the tenant that the scope names: row security says it everywhere else. Ours are everybody's. */
export function ofTenant(entity: Entity, row: RowReference, { tenant }: Scope): readonly Sql[] {
  const column = tenantColumnOf(entity)
  if (tenant === undefined || column === null) return []
  const own = sql`${row.column(column)} = ${tenant}`
  return [isShared(entity) ? sql`(${own} or ${row.column(column)} = ${sql.literal(ours)}::uuid)` : own]
}
