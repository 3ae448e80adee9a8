import { Bug, type Sql, sql } from '#base'
import { type ActorValue, type HeldColumn, toOnesOf } from '#schema'
import { allOf } from './all-of.ts'
import { liveSql } from './live-row.ts'
import { columnOf, entityOf, idColumnOf, type ModelIndex, tableSql } from './model-index.ts'
import { leadsSomewhere } from './reach-ways.ts'
import { ofTenant } from './related-rows.ts'
import { namedRow, type Scope, statementActor } from './scope.ts'
import type { ReachOf } from './set-query.ts'

/** A value of `defineActor` that is a field or to-one of the caller's own row. */
export type OwnValue = Extract<ActorValue, { readonly kind: 'own' }>

/** Whether a value of the actor is one of the caller's own row. */
export function isOwn(name: string, index: ModelIndex): boolean {
  return index.actorValues.get(name)?.kind === 'own'
}

/** Column that holds it. */
export function ownColumn({ field }: OwnValue, index: ModelIndex): HeldColumn {
  return columnOf(actorEntity(index), field, index)
}

/**
 * The value in the caller's own live row, no row where there is none; to be run as `:PRIVATE`. A to-one relation whose target is not
 * live leads nowhere.
 */
export function ownQuery(value: OwnValue, index: ModelIndex, { actor, tenant }: Partial<ReachOf> = {}): Sql {
  const entity = actorEntity(index)
  const row = namedRow('t0')
  const asking = actor ?? statementActor
  const pin = tenant === undefined ? {} : { tenant }
  const scope: Scope = { index, entity, row, actor: asking, related: 'inline', depth: 0, ...pin }
  const column = row.column(ownColumn(value, index).column)
  const isCaller = sql`${row.column(idColumnOf(entity, index).column)} = ${asking.id()}`
  const relation = toOnesOf(entity).find(({ name }) => name === value.field)
  const leads = relation === undefined ? [] : leadsSomewhere(relation, scope)
  const tests = [isCaller, ...ofTenant(entity, row, scope), liveSql(entity, row, index), ...leads]
  return sql`select ${column} from ${tableSql(entity)} t0 where ${allOf(tests)}`
}

function actorEntity(index: ModelIndex) {
  if (index.model.actor === null) throw new Bug('There is no actor whose row could be read.')
  return entityOf(index, index.model.actor.entity)
}
