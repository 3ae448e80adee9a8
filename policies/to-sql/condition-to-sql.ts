import { type Sql, sql, unreachable } from '#base'
import type { Comparison, Condition, ManyPath, Path } from '#schema'
import { carriedToSql } from '../carried/carried-to-sql.ts'
import { setFormOf } from '../carried/path-forms.ts'
import { allOf } from './all-of.ts'
import { compareToSql } from './compare-to-sql.ts'
import { factToSql, statementWideToSql } from './fact-to-sql.ts'
import { isAlwaysTrue, whyNotLive } from './implied-live.ts'
import { lineageOf, lineageToSql, pathAlongTreeToSql, withinToSql } from './lineage-to-sql.ts'
import { loweredMany } from './lowered-many.ts'
import { mayOnRowToSql } from './may-to-sql.ts'
import { entityOf, idColumnOf, toOneOf } from './model-index.ts'
import { operandOf } from './operand-of.ts'
import { pairsToSql } from './pairs-to-sql.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import { existsSql, relatedRows } from './related-rows.ts'
import { type KeySet, setName } from './related-set.ts'
import { rowSetToSql } from './row-set-to-sql.ts'
import { bareRow, isOneOf, type Scope } from './scope.ts'
import { isStatementWide } from './statement-wide.ts'

/**
 * A condition as SQL that is true exactly when the condition holds for the row. Where it does not hold it may be null, which
 * a policy takes for false; negations use `is not true`, so they are exact complements.
 */
export function conditionToSql(condition: Condition, scope: Scope): Sql {
  if (scope.facts !== true && isStatementWide(condition)) return statementWideToSql(condition, scope, conditionToSql)
  switch (condition.kind) {
    case 'and':
      if (condition.all.length === 0) return sql`true`
      return allOf(factsFirst(condition.all, scope).map((each) => operandOf('and', each, scope, conditionToSql)))
    case 'or': {
      if (condition.any.length === 0) return sql`false`
      const { gate, ...rest } = scope
      const inner = gate === undefined ? scope : { ...rest, gate: { alone: gate.among, among: gate.among } }
      return sql.join(
        condition.any.map((each) => operandOf('or', each, inner, conditionToSql)),
        ' or ',
      )
    }
    case 'not': {
      const { gate: _, guess: __, ...inner } = scope
      return sql`(${conditionToSql(condition.not, { ...inner, negated: true })}) is not true`
    }
    case 'compare':
      if (condition.op === 'within') return withinToSql(condition, scope, conditionToSql)
      return readsOtherTable(condition, scope)
        ? rowSetToSql(condition, scope, conditionToSql)
        : compareToSql(condition, scope, conditionToSql)
    case 'path':
      return pathToSql(condition, scope)
    case 'many':
      return manyToSql(condition, scope)
    case 'may':
      return mayOnRowToSql(condition.verb, scope, conditionToSql)
    case 'fact':
      return factToSql(condition, scope, conditionToSql)
    default:
      return unreachable(condition)
  }
}

/** A condition ready to stand beside others in an `and`. */
export function conjunct(condition: Condition, scope: Scope): Sql {
  return operandOf('and', condition, scope, conditionToSql)
}

/** Facts that stand beside other conditions open or close one gate. */
function factsFirst(all: readonly Condition[], { gate, facts }: Scope): readonly Condition[] {
  const wide = all.filter(isStatementWide)
  if (gate === undefined || facts === true || wide.length < 2) return all
  return [{ kind: 'and', all: wide }, ...all.filter((each) => !wide.includes(each))]
}

function readsOtherTable({ to }: Comparison, { related }: Scope): boolean {
  return related === 'set' && to.kind === 'row' && to.way !== undefined && to.way.length > 0
}

function pathToSql(path: Path, scope: Scope): Sql {
  const relation = toOneOf(scope.entity, path.relation)
  const target = entityOf(scope.index, relation.to)
  const link = scope.row.column(relation.column)
  const carried = carriedToSql(path, scope, conditionToSql)
  if (carried?.whole === true) return carried.sql
  if (scope.related === 'set') {
    if (readsRuleRow(path.where)) return heldAgainstRow(path, scope)
    if (isAlwaysTrue(path.where) && scope.row === bareRow && whyNotLive(scope.entity, relation, scope.index) === null)
      return relation.optional ? sql`${link} is not null` : sql`true`
    const along = carried === null ? pathAlongTreeToSql(path, scope, conditionToSql) : null
    if (along !== null) return along
    const set = sql`select ${askKeys({ kind: 'keys', entity: target, where: path.where, by: null }, scope)}()`
    const isHashed = setFormOf(carried !== null) === 'hashed'
    const isOne = isOneOf(link, set, isHashed ? { negated: true } : scope)
    return carried === null ? isOne : sql`${carried.sql} and ${isOne}`
  }
  const rows = relatedRows(target, scope)
  const isTarget = sql`${rows.row.column(idColumnOf(target, scope.index).column)} = ${link}`
  return existsSql(rows, [isTarget, conjunct(path.where, rows.scope)])
}

function manyToSql(many: ManyPath, scope: Scope): Sql {
  if (lineageOf(scope.entity, many.relation) !== null) {
    const isHeld = scope.related === 'set' && many.where !== null && readsRuleRow(many.where)
    return isHeld ? rowSetToSql(many, scope, conditionToSql) : lineageToSql(many, scope, conditionToSql)
  }
  const lowered = loweredMany(many, scope.entity, scope.index)
  if (lowered === null) return sql`true`
  const { entity, by, where, some } = lowered
  if (scope.related === 'set' && readsRuleRow(where)) {
    const found = heldAgainstRow(
      { ...many, how: 'some', where: many.how === 'every' ? notOf(many) : many.where },
      scope,
    )
    return some ? found : sql`(${found}) is not true`
  }
  const key = scope.row.column(idColumnOf(scope.entity, scope.index).column)
  if (scope.related === 'set') {
    const set = sql`select ${askKeys({ kind: 'keys', entity, where, by }, scope)}()`
    return some ? isOneOf(key, set, scope) : sql`(${isOneOf(key, set, { negated: true })}) is not true`
  }
  const rows = relatedRows(entity, scope)
  const leadsBack = sql`${rows.row.column(toOneOf(entity, by).column)} = ${key}`
  const exists = existsSql(rows, [leadsBack, conjunct(where, rows.scope)])
  return some ? exists : sql`not ${exists}`
}

function notOf({ where }: ManyPath): Condition | null {
  return where === null ? null : { kind: 'not', not: where }
}

function askKeys(set: KeySet, { ask }: Scope): Sql {
  ask?.(set)
  return sql.identifier('rowhouse_private', setName(set))
}

/** Related rows that are held against the row itself: a set of pairs where that says it, else a function of the row's columns. */
function heldAgainstRow(condition: Path | ManyPath, scope: Scope): Sql {
  return pairsToSql(condition, scope) ?? rowSetToSql(condition, scope, conditionToSql)
}
