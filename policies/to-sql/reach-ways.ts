import { Bug, type Sql, sql } from '#base'
import type { ActorValue, Entity, ToOne } from '#schema'
import { allOf } from './all-of.ts'
import { whyNotLive } from './implied-live.ts'
import { liveSql } from './live-row.ts'
import { entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import { heldType } from './postgres-type.ts'
import { existsSql, ofTenant, relatedRows } from './related-rows.ts'
import type { Scope } from './scope.ts'

/** One step from a row to others. */
export interface WayHop {
  /** Who holds the other's id: this row, or the others. */
  readonly kind: 'one' | 'many'
  /** Where it leads. */
  readonly target: Entity
  /** To-one relation that holds the id. */
  readonly by: ToOne
}

/** The steps of a way; many to many is two of them. */
export function wayHops(entity: Entity, way: readonly string[], index: ModelIndex): readonly WayHop[] {
  const [name, ...rest] = way
  if (name === undefined) return []
  const hops = hopsOf(entity, name, index)
  return [...hops, ...wayHops(hops.at(-1)!.target, rest, index)]
}

function hopsOf(entity: Entity, name: string, index: ModelIndex): readonly WayHop[] {
  const relation = entity.relations.find((each) => each.name === name)
  switch (relation?.kind) {
    case 'one':
      return [{ kind: 'one', target: entityOf(index, relation.to), by: relation }]
    case 'many':
    case 'hasOne': {
      const target = entityOf(index, relation.to)
      return [{ kind: 'many', target, by: toOneOf(target, relation.by) }]
    }
    case 'through': {
      const link = entityOf(index, relation.through)
      const toward = toOneOf(link, relation.toward)
      const target = entityOf(index, relation.to)
      return [
        { kind: 'many', target: link, by: toOneOf(link, relation.from) },
        { kind: 'one', target, by: toward },
      ]
    }
    default:
      throw new Bug(`"${entity.name}" has no way over "${name}".`)
  }
}

/** SQL that is true when the steps lead from the scope's row to the caller. */
export function leadsToCaller(hops: readonly WayHop[], scope: Scope): Sql {
  const [hop, ...rest] = hops
  if (hop === undefined) throw new Bug('A way has at least one step.')
  const isLast = rest.length === 0
  // The last to-one names the caller by itself.
  if (isLast && hop.kind === 'one') return sql`${scope.row.column(hop.by.column)} = ${scope.actor.id()}`
  const rows = relatedRows(hop.target, scope)
  const id = rows.row.column(idColumnOf(hop.target, scope.index).column)
  const meets =
    hop.kind === 'one'
      ? sql`${id} = ${scope.row.column(hop.by.column)}`
      : sql`${rows.row.column(hop.by.column)} = ${scope.row.column(keyThatMeets(hop, scope.index))}`
  const onward = isLast ? sql`${id} = ${scope.actor.id()}` : leadsToCaller(rest, rows.scope)
  return existsSql(rows, [meets, onward])
}

function keyThatMeets({ by }: WayHop, index: ModelIndex): string {
  return idColumnOf(entityOf(index, by.to), index).column
}

/** How the scope's row, which is `t0`, leads to what is reached: all rows on the way are live. */
export function towardSql(
  { toward }: Extract<ActorValue, { kind: 'reach' }>,
  scope: Scope,
): { readonly reached: Sql; readonly joins: Sql; readonly tests: readonly Sql[] } {
  const { index, entity: via, row } = scope
  if (toward === 'id') return { reached: row.column(idColumnOf(via, index).column), joins: sql``, tests: [] }
  const [first, second] = toward.split('.')
  const relation = toOneOf(via, first!)
  const link = row.column(relation.column)
  if (second === undefined) return { reached: link, joins: sql``, tests: leadsSomewhere(relation, scope) }
  const between = relatedRows(entityOf(index, relation.to), scope)
  const { entity } = between.scope
  const onward = toOneOf(entity, second)
  const reached = between.row.column(onward.column)
  const isBetween = sql`${between.row.column(idColumnOf(entity, index).column)} = ${link}`
  const on = allOf([isBetween, ...ofTenant(entity, between.row, scope), liveSql(entity, between.row, index)])
  return {
    reached,
    joins: sql` join ${tableSql(entity)} ${between.alias} on ${on}`,
    tests: leadsSomewhere(onward, between.scope),
  }
}

/** That a to-one of the scope's row, which is live, leads to a live row: not looked up where it cannot be otherwise. */
export function leadsSomewhere(relation: ToOne, scope: Scope): readonly Sql[] {
  const id = scope.row.column(relation.column)
  if (whyNotLive(scope.entity, relation, scope.index) !== null) return [isThere(relation.to, id, scope)]
  return relation.optional ? [sql`${id} is not null`] : []
}

/** Type of the ids that a reach set holds. */
export function reachType({ to }: Extract<ActorValue, { kind: 'reach' }>, index: ModelIndex): string {
  return heldType(idColumnOf(entityOf(index, to), index)).replace(/\(.*?\)/, '')
}

/** That a live row has this id. */
function isThere(entity: string, id: Sql, scope: Scope): Sql {
  const target = entityOf(scope.index, entity)
  const rows = relatedRows(target, scope)
  const isTarget = sql`${rows.row.column(idColumnOf(target, scope.index).column)} = ${id}`
  const tests = allOf([isTarget, ...ofTenant(target, rows.row, scope), liveSql(target, rows.row, scope.index)])
  return sql`exists (select from ${tableSql(target)} ${rows.alias} where ${tests})`
}
