import { type Sql, sql } from '#base'
import type { Condition } from '#schema'
import type { CompileCondition, Scope } from './scope.ts'
import { isStatementWide } from './statement-wide.ts'

/** A condition ready to stand beside others in an `and` or an `or`. */
export function operandOf(around: 'and' | 'or', condition: Condition, scope: Scope, test: CompileCondition): Sql {
  const inner = test(condition, scope)
  // Facts are one sub-select, unless they are inside of one already.
  const isWhole = scope.facts !== true && isStatementWide(condition)
  const mixes = (condition.kind === 'and' || condition.kind === 'or') && condition.kind !== around
  return mixes && !isWhole ? sql`(${inner})` : inner
}
