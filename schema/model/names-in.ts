import type { Condition } from './condition.ts'

/** Names of the fields and to-one relations that a condition on a row looks at, both sides of comparisons, in order. */
export function namesIn(condition: Condition): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
      return new Set(condition.all.flatMap((each) => [...namesIn(each)]))
    case 'or':
      return new Set(condition.any.flatMap((each) => [...namesIn(each)]))
    case 'not':
      return namesIn(condition.not)
    case 'path':
    case 'many':
      return new Set([condition.relation])
    case 'compare':
      return new Set([
        condition.on,
        ...(condition.to.kind === 'row' ? [condition.to.way?.[0] ?? condition.to.name] : []),
      ])
    default:
      return new Set()
  }
}
