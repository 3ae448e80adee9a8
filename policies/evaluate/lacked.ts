import type { Rule } from '#schema'
import { actorValuesOf, lackable } from '../to-sql/actor-values.ts'
import { conditionsOf } from '../to-sql/rule-match.ts'
import { callersRow, readOwn, tenantsRow } from './operand.ts'
import type { Place } from './place.ts'

/** What a rule asks of the caller and the caller lacks: `id`, names of claims and values of its own row, sorted. */
export function lackedBy(rule: Rule, place: Place): readonly string[] {
  const { world, caller } = place
  const asked = new Set([
    ...conditionsOf(rule).flatMap((each) => [...actorValuesOf(each, world.index)]),
    ...rule.sets.flatMap(({ name, to }) => [
      ...actorValuesOf({ kind: 'compare', on: name, op: 'is', to }, world.index),
    ]),
  ])
  const lacks = (name: string): boolean => {
    const value = world.index.actorValues.get(name)
    if (value?.kind === 'own') return readOwn(value, place) === null
    switch (name) {
      case 'id':
        return caller.id === null
      case lackable.caller:
        return callersRow(place) === null
      case lackable.tenant:
        return tenantsRow(place) === null
      case lackable.ip:
        return caller.request.ip === undefined
      case lackable.signedInFor:
        return caller.request.signedInFor === undefined
      default:
        return !isGiven(caller.claims[name])
    }
  }
  return [...asked].filter(lacks).sort()
}

/** An empty claim is none: settings of Postgres cannot tell the two apart. */
function isGiven(claim: unknown): boolean {
  return claim !== undefined && claim !== null && claim !== ''
}
