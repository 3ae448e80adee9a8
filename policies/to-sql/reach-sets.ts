import { type Comparison, type Condition, type Entity, ruleCovers } from '#schema'
import { splitCarried } from '../carried/carried-to-sql.ts'
import { endTestsOf } from '../carried/split-path.ts'
import { actorValuesOf } from './actor-values.ts'
import { actorValueOf, type ModelIndex, rulesOf } from './model-index.ts'
import { isOwn } from './own-query.ts'
import { conditionsOf, presetReads } from './rule-match.ts'

/**
 * Names of the reach sets, and of values of the caller's own row, that a rule's condition reads on the row itself: outside paths, or in columns
 * that it carries. Values of the caller's own row are asked for there, wherever they are held against something: who lacks one is told apart.
 */
export function ownReachSets(condition: Condition, entity: Entity, index: ModelIndex): ReadonlySet<string> {
  const names = new Set<string>()
  const compared = ({ to }: Comparison): void => {
    if (to.kind !== 'actor' || to.name === 'id') return
    if (actorValueOf(index, to.name).kind !== 'claim') names.add(to.name)
  }
  const visit = (each: Condition): void => {
    if (each.kind === 'and') each.all.forEach(visit)
    else if (each.kind === 'or') each.any.forEach(visit)
    else if (each.kind === 'not') visit(each.not)
    else if (each.kind === 'may') {
      for (const rule of rulesOf(index, entity))
        if (ruleCovers(entity, rule, each.verb)) [...conditionsOf(rule), ...presetReads(rule)].forEach(whole)
    } else if (each.kind === 'compare') compared(each)
    else if (each.kind === 'path') {
      const { told } = splitCarried(each, { entity, index })
      if (told !== null) for (const test of endTestsOf(told)) compared(test.comparison)
    }
  }
  const whole = (each: Condition): void => {
    for (const name of actorValuesOf(each, index)) if (isOwn(name, index)) names.add(name)
    visit(each)
  }
  whole(condition)
  return names
}
