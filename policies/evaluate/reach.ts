import type { ActorValue } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import type { Place } from './place.ts'
import { allLive, keyOf, manyOf } from './rows.ts'
import { textOf } from './text-of.ts'
import type { Caller, World } from './world.ts'

type Reach = Extract<ActorValue, { readonly kind: 'reach' }>

/** Keys of the live rows that a live row of `via` links to the caller, and with `then` of those that they lead to. */
export function reachOf(reach: Reach, place: Place): readonly string[] {
  const known = knownOf(place.world, place.caller)
  const found = known.get(reach.name) ?? reached(reach, place)
  known.set(reach.name, found)
  return found
}

const reaches = new WeakMap<World, WeakMap<Caller, Map<string, readonly string[]>>>()

/** What a caller reaches stays the same for each decision in the same world. */
function knownOf(world: World, caller: Caller): Map<string, readonly string[]> {
  const byCaller = reaches.get(world) ?? new WeakMap<Caller, Map<string, readonly string[]>>()
  reaches.set(world, byCaller)
  const known = byCaller.get(caller) ?? new Map<string, readonly string[]>()
  byCaller.set(caller, known)
  return known
}

function reached(reach: Reach, place: Place): readonly string[] {
  const { caller, world } = place
  if (caller.id === null) return []
  world.seek?.({ entity: reach.via, by: reach.as.includes('.') ? null : reach.as, value: caller.id })
  const links = allLive(entityOf(world.index, reach.via), place).filter(
    (link) =>
      leadsTo(reach.as.split('.'), link, caller.id!) &&
      (reach.where === null || place.judge(reach.where, link).truth === true),
  )
  const ends = links.flatMap((link) => follow(reach.toward === 'id' ? [] : reach.toward.split('.'), link))
  const all = reach.then === null ? ends : onward(ends, reach.then)
  return [...new Set(all.map(keyOf))]
}

/** Whether a way ends at the caller, by its key: the last step looks at no row. */
function leadsTo(way: readonly string[], from: Place, id: string): boolean {
  const last = way.at(-1)!
  const ends = follow(way.slice(0, -1), from)
  return ends.some((end) => {
    const relation = end.entity.relations.find(({ name }) => name === last)
    if (last === 'id' || relation?.kind === 'one') return textOf(end.row[last] ?? '') === id
    return manyOf(last, end).some((each) => keyOf(each) === id)
  })
}

function follow(way: readonly string[], from: Place): readonly Place[] {
  return way.reduce<readonly Place[]>((places, name) => places.flatMap((each) => manyOf(name, each)), [from])
}

/** With the rows above or below each, in its tree. */
function onward(from: readonly Place[], name: string): readonly Place[] {
  return from.flatMap((each) => manyOf(name, each))
}
