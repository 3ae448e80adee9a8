import { type Sql, sql } from '#base'
import type { ActorValue } from '#schema'
import { conjunct } from './condition-to-sql.ts'
import { entityOf, type ModelIndex, toOneOf } from './model-index.ts'
import type { RelatedSet } from './related-set.ts'
import { namedRow, type Scope, statementActor } from './scope.ts'

/** Ids of all live rows of the tenant that meet the condition, whoever may read them; to be run as `:PRIVATE`. */
export function relatedSetQuery(set: RelatedSet, index: ModelIndex): Sql {
  const row = namedRow('t0')
  const scope: Scope = { index, entity: set.entity, row, actor: statementActor, related: 'inline', depth: 0 }
  return sql`select ${row.column('id')} from ${sql.identifier('app', set.entity.table)} t0 where ${row.column('deleted_at')} is null and ${conjunct(set.where, scope)}`
}

/**
 * Ids of the live rows that a live row links to the caller, now; to be run as `:PRIVATE`.
 *
 * @param reach value of `defineActor`
 */
export function reachQuery(reach: Extract<ActorValue, { kind: 'reach' }>, index: ModelIndex): Sql {
  const via = entityOf(index, reach.via)
  const target = sql.identifier('app', entityOf(index, reach.to).table)
  const row = namedRow('t0')
  const reached = row.column(toOneOf(via, reach.toward).column)
  const scope: Scope = { index, entity: via, row, actor: statementActor, related: 'inline', depth: 1 }
  const where = reach.where === null ? sql.empty : sql` and ${conjunct(reach.where, scope)}`
  const live = sql`exists (select from ${target} t1 where t1."id" = ${reached} and t1."deleted_at" is null)`
  return sql`select distinct ${reached} from ${sql.identifier('app', via.table)} t0 where ${row.column(toOneOf(via, reach.as).column)} = ${statementActor.id()} and ${row.column('deleted_at')} is null${where} and ${live}`
}
