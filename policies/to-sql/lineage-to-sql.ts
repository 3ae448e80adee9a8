import { Bug, type Sql, sql } from '#base'
import type { Comparison, Condition, Entity, Lineage, ManyPath } from '#schema'
import { entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import { operandOf } from './operand-of.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import type { RelatedRows } from './related-rows.ts'
import { type LineageSet, setName } from './related-set.ts'
import { type CompileCondition, namedRow, type Scope, statementActor } from './scope.ts'
import { type TreeWay, treeRowsToSql } from './tree-rows.ts'

/** The relation up or down the entity's tree that has this name, or null. */
export function lineageOf(entity: Entity, name: string): Lineage | null {
  const relation = entity.relations.find((each) => each.name === name)
  return relation?.kind === 'lineage' ? relation : null
}

/**
 * A row meets a condition, or one does that is above or below it in its tree; over live rows, the row itself whatever it is.
 * Asked from the other end: the row is one of all that lie below, or above, of the rows that meet the condition. A row that is not in its
 * table as it is (a new one, or one as a change would leave it) is judged by itself and by what it is linked to.
 */
export function lineageToSql(many: ManyPath, scope: Scope, test: CompileCondition): Sql {
  const { how } = many
  const relation = lineageOf(scope.entity, many.relation)
  if (relation === null) throw new Bug(`"${many.relation}" leads along no tree.`)
  // The row itself is always there.
  if (many.where === null) return sql.literal(how !== 'none')
  const where: Condition = how === 'every' ? { kind: 'not', not: many.where } : many.where
  const some = someToSql({ entity: scope.entity, relation, where }, scope, test)
  return how === 'some' ? sql`(${some})` : sql`(${some}) is not true`
}

/** `within`: the row, or the live row that a to-one leads to, is one of the live rows that are meant or below one of them. */
export function withinToSql({ on, to }: Comparison, scope: Scope, test: CompileCondition): Sql {
  const { index } = scope
  const isOwn = scope.entity.key.length === 1 && on === scope.entity.key[0] && scope.entity.tree !== null
  const entity = isOwn ? scope.entity : entityOf(index, toOneOf(scope.entity, on).to)
  if (entity.tree === null) throw new Bug(`Rows of "${entity.name}" are no tree.`)
  if (to.kind === 'row' || to.kind === 'was') throw new Bug('`within` is not held against other columns.')
  const op = to.kind === 'list' ? 'in' : 'is'
  const where: Condition = { kind: 'compare', on: idColumnOf(entity, index).name, op, to }
  const relation = { by: entity.tree, way: 'up' } as const
  if (isOwn) return sql`(${someToSql({ entity, relation, where }, scope, test)})`
  const link = scope.row.column(toOneOf(scope.entity, on).column)
  return among(link, { entity, relation, where, itself: true }, scope, test)
}

interface Asked {
  readonly entity: Entity
  readonly relation: Pick<Lineage, 'by' | 'way'>
  readonly where: Condition
}

function someToSql(asked: Asked, scope: Scope, test: CompileCondition): Sql {
  const { entity, relation, where } = asked
  const key = scope.row.column(idColumnOf(entity, scope.index).column)
  if (scope.stored === true && !readsRuleRow(where)) return among(key, { ...asked, itself: true }, scope, test)
  const { gate: _, before: __, stored: ___, ...plain } = scope
  const own = operandOf('or', where, plain, test)
  // What lies above is found by the link, for a row may be about to move; what lies below stays where it is.
  const isUp = relation.way === 'up'
  const start = isUp ? scope.row.column(toOneOf(entity, relation.by).column) : key
  return sql`${own} or ${among(start, { ...asked, itself: isUp }, scope, test)}`
}

interface AskedFrom extends Asked {
  readonly itself: boolean
}

/** That the key is one of those that lie below, or above, of the rows that meet the condition. */
function among(key: Sql, asked: AskedFrom, scope: Scope, test: CompileCondition): Sql {
  const { entity, relation, where, itself } = asked
  const set: LineageSet = {
    kind: 'lineage',
    entity,
    where,
    toward: relation.way === 'up' ? 'below' : 'above',
    itself,
  }
  if (!readsRuleRow(where)) {
    if (scope.related === 'set') {
      scope.ask?.(set)
      return sql`${key} = any (array(select ${sql.identifier('rowhouse_private', setName(set))}()))`
    }
    if (scope.stored === true) return sql`${key} in (${lineageRows(set, relation.by, scope, test)})`
  }
  return walk(key, asked, scope, test)
}

/** From one row along its tree, for code that looks at one row at a time. */
function walk(key: Sql, { entity, relation, where, itself }: AskedFrom, scope: Scope, test: CompileCondition): Sql {
  const isUp = relation.way === 'up'
  const way: TreeWay = { entity, by: toOneOf(entity, relation.by), toward: isUp ? 'above' : 'below' }
  const column = isUp || itself ? idColumnOf(entity, scope.index).column : way.by.column
  const start = ({ row }: RelatedRows) => sql`${row.column(column)} = ${key}`
  const select = (line: Sql, rows: RelatedRows) => {
    const id = rows.row.column(idColumnOf(entity, scope.index).column)
    const meets = operandOf('and', where, { ...rows.scope, stored: false }, test)
    return sql`select from ${line} join ${tableSql(entity)} ${rows.alias} on ${id} = ${line}.id where ${meets}`
  }
  return sql`exists (${treeRowsToSql(way, { start, select }, scope)})`
}

function lineageRows({ entity, where, toward, itself }: LineageSet, by: string, scope: Scope, test: CompileCondition) {
  const way: TreeWay = { entity, by: toOneOf(entity, by), toward }
  const start = (rows: RelatedRows) => operandOf('and', where, rows.scope, test)
  const select = (line: Sql) =>
    itself
      ? sql`select ${line}.id from ${line}`
      : // Whatever is above a row that was met, be it live or not: it is the row that is judged.
        sql`select distinct ${line}.up from ${line} where ${line}.up is not null`
  return treeRowsToSql(way, { start, select }, scope)
}

/** Keys of a {@link LineageSet}; to be run as `:PRIVATE`. */
export function lineageQuery(set: LineageSet, index: ModelIndex, test: CompileCondition): Sql {
  const { entity } = set
  if (entity.tree === null) throw new Bug(`Rows of "${entity.name}" are no tree.`)
  const rule = { entity, row: namedRow('none') }
  const row = namedRow('none')
  const scope: Scope = { index, entity, row, actor: statementActor, related: 'inline', depth: -1, rule, stored: true }
  return lineageRows(set, entity.tree, scope, test)
}
