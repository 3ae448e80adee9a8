import { Bug, type Sql, sql } from '#base'
import type { Comparison, Condition, Entity, Lineage, ManyPath, Path } from '#schema'
import { whyNotLive } from './implied-live.ts'
import { entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import { operandOf } from './operand-of.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import type { RelatedRows } from './related-rows.ts'
import { type LineageSet, setName } from './related-set.ts'
import { bareRow, type CompileCondition, isOneOf, namedRow, type Scope, statementActor } from './scope.ts'
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
  const inner = how === 'some' ? scope : { ...scope, negated: true }
  const some = someToSql({ entity: scope.entity, relation, where }, inner, test)
  return how === 'some' ? sql`(${some})` : sql`(${some}) is not true`
}

/**
 * A path into a tree whose whole test is what lies above or below (`folder: { ancestors: … }`), as a policy asks it: the link itself is held against
 * what the tree gives, rather than the keys of all rows that pass. Null where that would not say the same.
 */
export function pathAlongTreeToSql(path: Path, scope: Scope, test: CompileCondition): Sql | null {
  const link = toOneOf(scope.entity, path.relation)
  const entity = entityOf(scope.index, link.to)
  const many = path.where.kind === 'many' ? path.where : null
  const relation = many === null ? null : lineageOf(entity, many.relation)
  if (many === null || many.where === null || relation === null || readsRuleRow(many.where)) return null
  const key = scope.row.column(link.column)
  const asked = { entity, relation, itself: true }
  if (many.how === 'some') return among(key, { ...asked, where: many.where }, scope, test)
  // Rows that are not live are in no set, and no path leads to them.
  if (scope.row !== bareRow || whyNotLive(scope.entity, link, scope.index) !== null) return null
  const where: Condition = many.how === 'every' ? { kind: 'not', not: many.where } : many.where
  const isNone = sql`(${among(key, { ...asked, where }, { ...scope, negated: true }, test)}) is not true`
  return link.optional ? sql`${key} is not null and ${isNone}` : isNone
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
      return isOneOf(key, sql`select ${sql.identifier('rowhouse_private', setName(set))}()`, scope)
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
    // Without `offset` it is a join, for which planners hash the table.
    const found = sql`select from ${tableSql(entity)} ${rows.alias} where ${id} = ${line}.id and ${meets} offset 0`
    return sql`select from ${line} where exists (${found})`
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
