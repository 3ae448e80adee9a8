import { type Sql, sql } from '#base'
import type { Entity, ToOne } from '#schema'
import { allOf } from './all-of.ts'
import { liveSql } from './live-row.ts'
import { idColumnOf, tableSql } from './model-index.ts'
import { ofTenant, type RelatedRows, relatedRows } from './related-rows.ts'
import type { Scope } from './scope.ts'

/** A way along a tree. */
export interface TreeWay {
  /** Entity whose rows are the tree. */
  readonly entity: Entity
  /** The to-one that leads to the row above. */
  readonly by: ToOne
  readonly toward: 'above' | 'below'
}

/** Where a way along a tree begins, and what is asked of it. */
export interface TreeRows {
  /** Test of the live rows where it begins. */
  readonly start: (rows: RelatedRows) => Sql
  /** What is selected, from `line`, which has the columns `id` and `up` (key of the row above). */
  readonly select: (line: Sql, rows: RelatedRows) => Sql
}

/**
 * A select along a tree of live rows of the tenant: a row that is not live cuts the way, whatever lies behind it. Ends whatever
 * the rows hold: a row that was met is not met again.
 */
export function treeRowsToSql({ entity, by, toward }: TreeWay, { start, select }: TreeRows, scope: Scope): Sql {
  const rows = relatedRows(entity, scope)
  const line = sql.raw(`line${rows.scope.depth}`)
  const id = rows.row.column(idColumnOf(entity, scope.index).column)
  const up = rows.row.column(by.column)
  const table = sql`${tableSql(entity)} ${rows.alias}`
  const isThere = [...ofTenant(entity, rows.row, rows.scope), liveSql(entity, rows.row, scope.index)]
  const step = toward === 'below' ? sql`${up} = ${line}.id` : sql`${id} = ${line}.up`
  const first = sql`select ${id}, ${up} from ${table} where ${allOf([...isThere, start(rows)])}`
  // Planners take the first rows for ten times as many, and would hash the whole table to find the few next to them.
  const near = sql`select ${id}, ${up} from ${table} where ${allOf([step, ...isThere])} offset 0`
  const next = sql`select ${rows.alias}.id, ${rows.alias}.up from ${line} cross join lateral (${near}) ${rows.alias} (id, up)`
  return sql`with recursive ${line} (id, up) as (${first} union ${next}) ${select(line, rows)}`
}
