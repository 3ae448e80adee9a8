import { type Condition, type Entity, ruleCovers } from '#schema'
import { actorValueOf, type ModelIndex, rulesOf } from './model-index.ts'
import { conditionsOf } from './rule-match.ts'

/** Names of the reach sets, and of values of the caller's own row, that a condition reads on the row itself, outside paths. */
export function ownReachSets(condition: Condition, entity: Entity, index: ModelIndex): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (each: Condition): void => {
    if (each.kind === 'and') each.all.forEach(visit)
    else if (each.kind === 'or') each.any.forEach(visit)
    else if (each.kind === 'not') visit(each.not)
    else if (each.kind === 'may') {
      for (const rule of rulesOf(index, entity))
        if (ruleCovers(entity, rule, each.verb)) conditionsOf(rule).forEach(visit)
    } else if (each.kind === 'compare' && each.to.kind === 'actor' && each.to.name !== 'id') {
      if (actorValueOf(index, each.to.name).kind !== 'claim') names.add(each.to.name)
    }
  }
  visit(condition)
  return names
}
