import { type Sql, sql } from '#base'
import { type ActorValue, settledCondition } from '#schema'
import { allOf } from './all-of.ts'
import { conjunct } from './condition-to-sql.ts'
import { liveSql } from './live-row.ts'
import { entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import type { RelatedSet } from './related-set.ts'
import { namedRow, type Scope, statementActor } from './scope.ts'

/** Ids of all live rows of the tenant that meet the condition, whoever may read them; to be run as `:PRIVATE`. */
export function relatedSetQuery(set: RelatedSet, index: ModelIndex): Sql {
  const row = namedRow('t0')
  const scope: Scope = { index, entity: set.entity, row, actor: statementActor, related: 'inline', depth: 0 }
  const id = row.column(idColumnOf(set.entity, index).column)
  const tests = [liveSql(set.entity, row, index), conjunct(set.where, scope)]
  return sql`select ${id} from ${tableSql(set.entity)} t0 where ${allOf(tests)}`
}

/**
 * Ids of the live rows that a live row links to the caller, now; to be run as `:PRIVATE`.
 *
 * @param reach value of `defineActor`
 */
export function reachQuery(reach: Extract<ActorValue, { kind: 'reach' }>, index: ModelIndex): Sql {
  const via = entityOf(index, reach.via)
  const to = entityOf(index, reach.to)
  const row = namedRow('t0')
  const reached = row.column(toOneOf(via, reach.toward).column)
  const scope: Scope = { index, entity: via, row, actor: statementActor, related: 'inline', depth: 1 }
  const isCallers = sql`${row.column(toOneOf(via, reach.as).column)} = ${statementActor.id()}`
  const where = reach.where === null ? [] : [conjunct(settledCondition(reach.where, 'certain', via, index), scope)]
  const target = namedRow('t1')
  const isTarget = sql`${target.column(idColumnOf(to, index).column)} = ${reached}`
  const live = sql`exists (select from ${tableSql(to)} t1 where ${allOf([isTarget, liveSql(to, target, index)])})`
  const tests = [isCallers, liveSql(via, row, index), ...where, live]
  return sql`select distinct ${reached} from ${tableSql(via)} t0 where ${allOf(tests)}`
}
