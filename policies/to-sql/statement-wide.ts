import type { Condition } from '#schema'

/** True when a condition says the same of every row of a statement: it is made of facts alone. */
export function isStatementWide(condition: Condition): boolean {
  switch (condition.kind) {
    case 'fact':
      return true
    case 'and':
      return condition.all.length > 0 && condition.all.every(isStatementWide)
    case 'or':
      return condition.any.length > 0 && condition.any.every(isStatementWide)
    case 'not':
      return isStatementWide(condition.not)
    case 'compare':
    case 'path':
    case 'many':
    case 'may':
      return false
  }
}
