import type { Condition } from './condition.ts'

/** A condition inside of another. */
export interface ConditionPart {
  readonly where: Condition
  /** Whose row it is about: the same row, rows that a relation leads to, the caller's own row, or the row of the tenant. */
  readonly about: 'row' | 'caller' | 'tenant' | { readonly relation: string }
}

/** Conditions that a condition is directly made of, in order. */
export function conditionParts(condition: Condition): readonly ConditionPart[] {
  const ofRow = (where: Condition): ConditionPart => ({ where, about: 'row' })
  switch (condition.kind) {
    case 'and':
      return condition.all.map(ofRow)
    case 'or':
      return condition.any.map(ofRow)
    case 'not':
      return [ofRow(condition.not)]
    case 'path':
      return [{ where: condition.where, about: { relation: condition.relation } }]
    case 'many':
      return condition.where === null ? [] : [{ where: condition.where, about: { relation: condition.relation } }]
    case 'fact':
      return 'where' in condition ? [{ where: condition.where, about: condition.about }] : []
    case 'compare':
    case 'may':
      return []
  }
}
