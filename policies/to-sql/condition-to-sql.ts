import { Bug, type Sql, sql, unreachable } from '#base'
import type { Condition, Path } from '#schema'
import { allOf } from './all-of.ts'
import { compareToSql } from './compare-to-sql.ts'
import { liveSql } from './live-row.ts'
import { entityOf, idColumnOf, tableSql, toOneOf } from './model-index.ts'
import { relatedSetName } from './related-set.ts'
import { namedRow, type Scope } from './scope.ts'

/**
 * A condition as SQL that is true exactly when the condition holds for the row. Where it does not hold it may be null, which
 * a policy takes for false; negations use `is not true`, so they are exact complements.
 */
export function conditionToSql(condition: Condition, scope: Scope): Sql {
  switch (condition.kind) {
    case 'and':
      if (condition.all.length === 0) return sql`true`
      return sql.join(
        condition.all.map((each) => operandOf('and', each, scope)),
        ' and ',
      )
    case 'or':
      if (condition.any.length === 0) return sql`false`
      return sql.join(
        condition.any.map((each) => operandOf('or', each, scope)),
        ' or ',
      )
    case 'not':
      return sql`(${conditionToSql(condition.not, scope)}) is not true`
    case 'compare':
      return compareToSql(condition, scope, conditionToSql)
    case 'path':
      return pathToSql(condition, scope)
    case 'many':
    case 'may':
    case 'fact':
      throw new Bug(`"${condition.kind}" is not compiled yet.`)
    default:
      return unreachable(condition)
  }
}

/** A condition ready to stand beside others in an `and`. */
export function conjunct(condition: Condition, scope: Scope): Sql {
  return operandOf('and', condition, scope)
}

function operandOf(around: 'and' | 'or', condition: Condition, scope: Scope): Sql {
  const inner = conditionToSql(condition, scope)
  const mixes = (condition.kind === 'and' || condition.kind === 'or') && condition.kind !== around
  return mixes ? sql`(${inner})` : inner
}

function pathToSql(path: Path, scope: Scope): Sql {
  const relation = toOneOf(scope.entity, path.relation)
  const target = entityOf(scope.index, relation.to)
  const link = scope.row.column(relation.column)
  if (scope.related === 'set') {
    const set = sql.identifier('rowhouse_private', relatedSetName(target, path.where))
    return sql`${link} = any (array(select ${set}()))`
  }
  const alias = `t${scope.depth + 1}`
  const row = namedRow(alias)
  const inner = conjunct(path.where, { ...scope, entity: target, row, depth: scope.depth + 1 })
  const isTarget = sql`${row.column(idColumnOf(target, scope.index).column)} = ${link}`
  return sql`exists (select from ${tableSql(target)} ${sql.raw(alias)} where ${allOf([isTarget, liveSql(target, row, scope.index), inner])})`
}
