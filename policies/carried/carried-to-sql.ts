import { type Sql, sql } from '#base'
import type { Path } from '#schema'
import { compareToSql } from '../to-sql/compare-to-sql.ts'
import { entityOf, toOneOf } from '../to-sql/model-index.ts'
import type { CompileCondition, Scope } from '../to-sql/scope.ts'
import { carriedColumnAt, whyNotTold } from './carried-columns.ts'
import { type EndTests, type SplitPath, splitPath } from './split-path.ts'

/** What of a path's condition columns of the row itself tell. */
export interface CarriedTests {
  readonly sql: Sql
  /** False where rows that they let through must be looked up all the same. */
  readonly whole: boolean
}

/**
 * The tests of a path that carried columns answer; null where none does, or the row has no such columns. A live row has live rows on the whole
 * way, so that nobody is looked up.
 */
export function carriedToSql(path: Path, scope: Scope, compile: CompileCondition): CarriedTests | null {
  if (scope.carries !== true) return null
  const { told, whole } = splitCarried(path, scope)
  return told === null ? null : { sql: testsToSql(told, scope, compile), whole }
}

/** A path's condition, split by the columns that there are. */
export function splitCarried(path: Path, { entity, index }: Pick<Scope, 'entity' | 'index'>): SplitPath {
  const target = entityOf(index, toOneOf(entity, path.relation).to)
  const holds = (test: Parameters<typeof whyNotTold>[1]) => whyNotTold(entity, test, index) === null
  return splitPath(path.where, [path.relation], target, { index, holds })
}

function testsToSql(tests: EndTests, scope: Scope, compile: CompileCondition): Sql {
  const inner = (each: EndTests) => {
    const text = testsToSql(each, scope, compile)
    return each.kind === 'and' || each.kind === 'or' ? sql`(${text})` : text
  }
  switch (tests.kind) {
    case 'end': {
      const column = scope.row.column(carriedColumnAt(scope.entity, tests.path, scope.index)!)
      // The comparison is about the row at the end of the path; the one column of it that is read is here.
      return compareToSql(tests.comparison, { ...scope, entity: tests.holder, row: { column: () => column } }, compile)
    }
    case 'and':
      return tests.all.length === 1
        ? testsToSql(tests.all[0]!, scope, compile)
        : sql.join(tests.all.map(inner), ' and ')
    case 'or':
      return tests.any.length === 1
        ? testsToSql(tests.any[0]!, scope, compile)
        : sql`(${sql.join(tests.any.map(inner), ' or ')})`
    case 'not': {
      const { guess: _, ...inner } = scope
      return sql`(${testsToSql(tests.not, inner, compile)}) is not true`
    }
  }
}
