import type { Audience, Entity, Rule } from '#schema'
import { type FieldReader, type GuardedGroup, guardedGroups, rulesOfReader } from './guarded-fields.ts'
import type { ModelIndex } from './model-index.ts'

/** Which groups of guarded fields a face shows: every choice of so many groups, all of them first. */
export function shownChoices(count: number): readonly (readonly number[])[] {
  const all = Array.from({ length: count }, (_, at) => at)
  const choices = Array.from({ length: 2 ** count }, (_, bits) => all.filter((at) => (bits & (1 << at)) !== 0))
  return choices.toSorted((a, b) => b.length - a.length || (a.join() < b.join() ? -1 : 1))
}

/** The rules that must all hold for a reader to see all of some groups: one list for each way. */
export function waysToSee(groups: readonly GuardedGroup[], shown: readonly number[]): readonly (readonly Rule[])[] {
  const ways = shown.reduce<readonly (readonly FieldReader[])[]>(
    (before, at) => before.flatMap((way) => groups[at]!.readers.map((reader) => [...way, reader])),
    [[]],
  )
  return ways.map(rulesInWay)
}

/** The rules of a way to see, by title. */
export function rulesInWay(way: readonly FieldReader[]): readonly Rule[] {
  return [...new Set(way.flatMap(rulesOfReader))].toSorted((a, b) => (a.title < b.title ? -1 : 1))
}

/** For each policy of an entity's faces that speaks of ways to see: the audiences that one must be in at once. */
export function facesAudiences(entity: Entity, index: ModelIndex): readonly (readonly Audience[])[] {
  const groups = guardedGroups(entity, index)
  const shown = shownChoices(groups.length).filter((choice) => choice.length > 0)
  const ways = [
    ...shown.flatMap((choice) => waysToSee(groups, choice)),
    ...groups.flatMap(({ readers }) => readers.map((reader) => rulesInWay([reader]))),
  ]
  return ways.map((rules) => rules.map(({ audience }) => audience))
}
