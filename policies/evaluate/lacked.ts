import type { Rule } from '#schema'
import { actorValuesOf, lackable } from '../to-sql/actor-values.ts'
import { conditionsOf } from '../to-sql/rule-match.ts'
import { callersRow, readOwn, tenantsRow } from './operand.ts'
import type { Place } from './place.ts'

/** What a rule asks of the caller and the caller lacks: `id`, names of claims and values of its own row, and what is `lackable` besides, sorted. */
export function lackedBy(rule: Rule, place: Place): readonly string[] {
  const { world, caller } = place
  const asked = new Set([
    ...conditionsOf(rule).flatMap((each) => [...actorValuesOf(each, world.index)]),
    ...rule.sets.flatMap(({ name, to }) => [
      ...actorValuesOf({ kind: 'compare', on: name, op: 'is', to }, world.index),
    ]),
  ])
  const lacks = (name: string): boolean => {
    if (name === 'id') return caller.id === null
    if (name === lackable.caller) return callersRow(place) === null
    if (name === lackable.tenant) return tenantsRow(place) === null
    if (name === lackable.ip) return caller.request.ip === undefined
    if (name === lackable.signedInFor) return caller.request.signedInFor === undefined
    const value = world.index.actorValues.get(name)
    return value?.kind === 'own' ? readOwn(value, place) === null : !isGiven(caller.claims[name])
  }
  return [...asked].filter(lacks).sort()
}

/** An empty claim is none: settings of Postgres cannot tell the two apart. */
function isGiven(claim: unknown): boolean {
  return claim !== undefined && claim !== null && claim !== ''
}
