import type { Condition } from './condition.ts'
import type { Expression } from './expression.ts'

/** Expressions and conditions that an expression is directly made of, with how many rows further in they stand. */
export interface ExpressionParts {
  readonly expressions: readonly { readonly expression: Expression; readonly isInList: boolean }[]
  readonly conditions: readonly { readonly where: Condition; readonly isInList: boolean; readonly up: number }[]
}

/** What an expression is directly made of. */
export function partsOf(expression: Expression): ExpressionParts {
  const plain = (...given: readonly Expression[]): ExpressionParts => ({
    expressions: given.map((each) => ({ expression: each, isInList: false })),
    conditions: [],
  })
  switch (expression.kind) {
    case 'literal':
    case 'field':
    case 'now':
    case 'today':
      return plain()
    case 'call':
      return plain(...expression.args)
    case 'round':
    case 'left':
    case 'part':
      return plain(expression.value)
    case 'shift':
      return plain(expression.value, expression.by)
    case 'startOf':
      return expression.zone === null ? plain(expression.value) : plain(expression.value, expression.zone)
    case 'dayOf':
      return plain(expression.value, expression.zone)
    case 'condition':
      return { expressions: [], conditions: [{ where: expression.where, isInList: false, up: expression.up }] }
    case 'cases':
      return {
        ...plain(...expression.cases.map((each) => each.then), expression.otherwise),
        conditions: expression.cases.map(({ where }) => ({ where, isInList: false, up: expression.up })),
      }
    case 'list':
      return {
        expressions: expression.value === null ? [] : [{ expression: expression.value, isInList: true }],
        conditions: expression.where === null ? [] : [{ where: expression.where, isInList: true, up: 0 }],
      }
  }
}

/** True when a condition looks at other rows than its own. */
export function conditionLeavesRow(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.some(conditionLeavesRow)
    case 'or':
      return condition.any.some(conditionLeavesRow)
    case 'not':
      return conditionLeavesRow(condition.not)
    case 'compare':
      return condition.to.kind === 'row' && condition.to.way !== undefined
    case 'path':
    case 'many':
    case 'may':
    case 'fact':
      return true
  }
}
