import type { Rule } from '#schema'
import { actorValuesOf } from '../to-sql/actor-values.ts'
import { conditionsOf } from '../to-sql/rule-match.ts'
import type { Place } from './place.ts'

/** What a rule asks of the caller and the caller lacks: `id` and names of claims, sorted. */
export function lackedBy(rule: Rule, { world, caller }: Place): readonly string[] {
  const asked = new Set([
    ...conditionsOf(rule).flatMap((each) => [...actorValuesOf(each, world.index)]),
    ...rule.sets.flatMap(({ name, to }) => [
      ...actorValuesOf({ kind: 'compare', on: name, op: 'is', to }, world.index),
    ]),
  ])
  const lacks = (name: string): boolean => (name === 'id' ? caller.id === null : !isGiven(caller.claims[name]))
  return [...asked].filter(lacks).sort()
}

/** An empty claim is none: settings of Postgres cannot tell the two apart. */
function isGiven(claim: unknown): boolean {
  return claim !== undefined && claim !== null && claim !== ''
}
