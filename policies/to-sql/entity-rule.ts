import { canonicalHash, fitIdentifier, type Sql } from '#base'
import type { Condition, Entity, EntityRule } from '#schema'
import { conditionToSql } from './condition-to-sql.ts'
import type { ModelIndex } from './model-index.ts'
import { bareRow, type RowReference, statementActor } from './scope.ts'

/** Name of the check, or of the trigger, behind a rule of an entity. It follows from what the rule says, so that a new title is only a new comment. */
export function entityRuleName(entity: Entity, { where }: EntityRule): string {
  return fitIdentifier(`${entity.table}_rule_${canonicalHash(where).slice(0, 12)}`)
}

/**
 * What the check says: false exactly where the rule is definitely broken. A comparison with a missing value breaks nothing, so
 * it may come out as null (which a check lets pass) or, behind `not`, as true.
 */
export function entityRuleToSql(
  entity: Entity,
  { where }: EntityRule,
  index: ModelIndex,
  row: RowReference = bareRow,
): Sql {
  const scope = { index, entity, row, actor: statementActor, related: 'inline', depth: 0 } as const
  return conditionToSql(withNotInside(where, false), scope)
}

/**
 * The same condition with every `not` moved inwards to single comparisons. Then "unknown" can only make the whole more true:
 * without it, `not: { not: { age: { over: 5 } } }` would refuse a row without age, and `age: { over: 5 }` would not.
 */
function withNotInside(condition: Condition, negated: boolean): Condition {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.all.map((each) => withNotInside(each, negated))
      return negated ? { kind: 'or', any: parts } : { kind: 'and', all: parts }
    }
    case 'or': {
      const parts = condition.any.map((each) => withNotInside(each, negated))
      return negated ? { kind: 'and', all: parts } : { kind: 'or', any: parts }
    }
    case 'not':
      return withNotInside(condition.not, !negated)
    case 'compare': {
      if (!negated) return condition
      const opposite = opposites[condition.op]
      return opposite === undefined ? { kind: 'not', not: condition } : { ...condition, op: opposite }
    }
    case 'path':
    case 'many':
    case 'may':
    case 'fact':
      return negated ? { kind: 'not', not: condition } : condition
  }
}

const opposites = { is: 'isNot', isNot: 'is', in: 'notIn', notIn: 'in' } as Readonly<
  Partial<Record<string, 'is' | 'isNot' | 'in' | 'notIn'>>
>
