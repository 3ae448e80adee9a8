import type { Expression, ListRead } from '#schema'
import { exact } from '../exact.ts'
import type { Place } from '../place.ts'
import { keyOf, manyOf, oneOf } from '../rows.ts'
import { beyond, type Known, type Value } from '../value.ts'
import { aggregated, compareNullsLast } from './call.ts'

/** What lists ask of the rest of a formula. */
export interface Reads {
  readonly valueIn: (expression: Expression, rows: readonly Place[]) => Known
  readonly sought: (expression: Expression, rows: readonly Place[], value: Known) => Known
  readonly read: (name: string, place: Place) => Known
}

/** What is asked of a list of live rows. */
export function listOf(list: ListRead, rows: readonly Place[], reads: Reads): Known {
  const start = rows.at(-1 - list.up)!
  const from = list.path.slice(0, -1).reduce<Place | null>((at, name) => (at === null ? null : oneOf(name, at)), start)
  const all = from === null ? [] : manyOf(list.path.at(-1)!, from)
  const truths = new Map(all.map((each) => [each, list.where === null ? true : each.judge(list.where, each).truth]))
  const kept = all.filter((each) => truths.get(each) !== false)
  const isUnclear = (each: Place): boolean => truths.get(each) === null
  if (list.name === 'exists')
    return kept.some((each) => !isUnclear(each)) ? true : kept.some(isUnclear) ? beyond : false
  if (list.name === 'first') {
    const [first] = sorted(list, kept, reads)
    if (first === undefined) return null
    return isUnclear(first) ? beyond : reads.valueIn(list.value!, [...rows, first])
  }
  if (kept.some(isUnclear)) return beyond
  if (list.name === 'count') return exact(kept.length)
  const values = kept.map((each) => {
    const inside = [...rows, each]
    return reads.sought(list.value!, inside, reads.valueIn(list.value!, inside))
  })
  const known = values.filter((value) => value !== beyond)
  if (known.length < values.length) return beyond
  return aggregated(
    list,
    known.filter((value) => value !== null),
  )
}

function sorted({ sort }: ListRead, rows: readonly Place[], { read }: Reads): readonly Place[] {
  return rows.toSorted((a, b) => {
    for (const { name, descending } of sort) {
      const order = compareNullsLast(settled(read(name, a)), settled(read(name, b)))
      if (order !== 0) return descending ? -order : order
    }
    return keyOf(a) < keyOf(b) ? -1 : 1
  })
}

function settled(value: Known): Value {
  return value === beyond ? null : value
}
