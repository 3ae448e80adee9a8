import { Bug, type Sql, sql, unreachable } from '#base'
import { type ActorValue, type Condition, type Entity, type HeldColumn, settledCondition } from '#schema'
import { allOf } from './all-of.ts'
import { conditionToSql, conjunct } from './condition-to-sql.ts'
import { factToSql } from './fact-to-sql.ts'
import { lineageOf, lineageQuery } from './lineage-to-sql.ts'
import { liveSql } from './live-row.ts'
import { columnOf, entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import { pairsQuery } from './pairs-to-sql.ts'
import { heldType } from './postgres-type.ts'
import { leadsToCaller, towardSql, wayHops } from './reach-ways.ts'
import { ofTenant, type RelatedRows } from './related-rows.ts'
import { type KeySet, type RelatedSet, setName } from './related-set.ts'
import { rowSetQuery } from './row-set-to-sql.ts'
import {
  type ActorSource,
  bareRow,
  namedRow,
  type RowReference,
  rowActor,
  type Scope,
  statementActor,
} from './scope.ts'
import { treeRowsToSql } from './tree-rows.ts'

/** The private function behind a set; its body is to be run as `:PRIVATE`. */
export interface SetQuery {
  /** Types of the arguments. */
  readonly takes: readonly string[]
  /** Type of what it gives: of one value, of one for each row, or of several for each row. */
  readonly returns: string
  readonly body: Sql
}

/** What a set's function is made of. */
export function setQuery(set: RelatedSet, index: ModelIndex): SetQuery {
  switch (set.kind) {
    case 'keys':
      return { takes: [], returns: setOf(keyOf(set, index)), body: relatedSetQuery(set, index) }
    case 'lineage':
      return {
        takes: [],
        returns: setOf(idColumnOf(set.entity, index)),
        body: lineageQuery(set, index, conditionToSql),
      }
    case 'fact': {
      const scope: Scope = { index, entity: set.entity, row: nobody, actor: rowActor, related: 'inline', depth: -1 }
      const fact = { kind: 'fact', about: set.about, where: set.where } as const
      return { takes: [], returns: 'boolean', body: sql`select ${factToSql(fact, scope, conditionToSql)}` }
    }
    case 'row': {
      const { columns, body } = rowSetQuery(set, index, conditionToSql)
      return { takes: columns.map(({ type }) => type), returns: 'boolean', body }
    }
    case 'pairs': {
      const { types, body } = pairsQuery(set, index, conditionToSql)
      return { takes: [], returns: `TABLE(${types.map((type, at) => `v${at + 1} ${type}`).join(', ')})`, body }
    }
    default:
      return unreachable(set)
  }
}

/** The sets that a condition asks for in its `set` form, each once, in order of appearance. */
export function relatedSetsOf(condition: Condition, entity: Entity, index: ModelIndex): readonly RelatedSet[] {
  const sets = new Map<string, RelatedSet>()
  const ask = (set: RelatedSet): void => void sets.set(setName(set), set)
  conditionToSql(condition, { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0, ask })
  return [...sets.values()]
}

function setOf(held: HeldColumn): string {
  return `setof ${heldType(held).replace(/\(.*?\)/, '')}`
}

/** Column whose values a set gives. */
function keyOf({ entity, by }: KeySet, index: ModelIndex): HeldColumn {
  return by === null ? idColumnOf(entity, index) : columnOf(entity, by, index)
}

/** A set stands for itself: there is no row around it. */
const nobody: RowReference = {
  column(name) {
    throw new Bug(`A set is asked without a row, and so without "${name}".`)
  },
}

/**
 * Keys of all live rows of the tenant that meet the condition, or of the rows that they lead to, whoever may read them; to be
 * run as `:PRIVATE`.
 */
function relatedSetQuery(set: KeySet, index: ModelIndex): Sql {
  const row = namedRow('t0')
  const scope: Scope = {
    index,
    entity: set.entity,
    row,
    actor: statementActor,
    related: 'inline',
    depth: 0,
    stored: true,
  }
  const key = row.column(keyOf(set, index).column)
  const asked = conjunct(set.where, { ...scope, rule: { entity: set.entity, row: nobody } })
  const isThere = set.by !== null && toOneOf(set.entity, set.by).optional ? [sql`${key} is not null`] : []
  const tests = [liveSql(set.entity, row, index), ...isThere, asked]
  const select = set.by === null ? sql`select` : sql`select distinct`
  return sql`${select} ${key} from ${tableSql(set.entity)} t0 where ${allOf(tests)}`
}

/** Whose reach is asked for, where it is not the caller of the transaction. */
export interface ReachOf {
  readonly actor: ActorSource
  readonly tenant: Sql
}

/**
 * Ids of the live rows that a live row links to the caller, now, over live rows alone; to be run as `:PRIVATE`.
 *
 * @param reach value of `defineActor`
 */
export function reachQuery(
  reach: Extract<ActorValue, { kind: 'reach' }>,
  index: ModelIndex,
  { actor, tenant }: Partial<ReachOf> = {},
): Sql {
  const via = entityOf(index, reach.via)
  const row = namedRow('t0')
  const asking = actor ?? statementActor
  const pin = tenant === undefined ? {} : { tenant }
  const scope: Scope = { index, entity: via, row, actor: asking, related: 'inline', depth: 1, ...pin }
  const isCallers = leadsToCaller(wayHops(via, reach.as.split('.'), index), { ...scope, depth: 0 })
  const where = reach.where === null ? [] : [conjunct(settledCondition(reach.where, 'certain', via, index), scope)]
  const { reached, joins, tests } = towardSql(reach, { ...scope, depth: 0 })
  const all = allOf([isCallers, ...ofTenant(via, row, scope), liveSql(via, row, index), ...where, ...tests])
  // Other rows may lead to the same one.
  const select = leadsOnce(reach, via) ? sql`select` : sql`select distinct`
  const found = sql`${select} ${reached} from ${tableSql(via)} t0${joins} where ${all}`
  return reach.then === null ? found : onward(reach.to, reach.then, found, scope)
}

/** True when no two rows lead the same caller to the same row; an array of what they lead to is right with repeats too, but longer. */
function leadsOnce({ as, toward }: Extract<ActorValue, { kind: 'reach' }>, via: Entity): boolean {
  const isApart = (on: readonly string[]) => on.length > 0 && on.every((name) => name === as || name === toward)
  return toward === 'id' || isApart(via.key) || via.unique.some(({ on, where }) => where === null && isApart(on))
}

/** Keys of the rows, and of all above or below them. */
function onward(to: string, then: string, found: Sql, scope: Scope): Sql {
  const entity = entityOf(scope.index, to)
  const relation = lineageOf(entity, then)
  if (relation === null) throw new Bug(`"${then}" leads along no tree of "${to}".`)
  const toward = relation.way === 'up' ? 'above' : 'below'
  const key = idColumnOf(entity, scope.index).column
  const start = ({ row }: RelatedRows) => sql`${row.column(key)} = any (array(${found}))`
  const select = (line: Sql) => sql`select ${line}.id from ${line}`
  return treeRowsToSql({ entity, by: toOneOf(entity, relation.by), toward }, { start, select }, scope)
}
