/** Looks like chance, and is the same on every machine. */
export interface Chance {
  /** A whole number, both ends included. */
  between(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** Different ones, in the order of the list. */
  some<T>(list: readonly T[], count: number): readonly T[]
  /** True in so many of a hundred cases. */
  percent(share: number): boolean
}

/** A sequence of its own for each start (mulberry32). */
export function chance(start: number): Chance {
  let state = start >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    between,
    pick: (list) => list[between(0, list.length - 1)]!,
    some: (list, count) => choose(list, count, between),
    percent: (share) => next() * 100 < share,
  }
}

function choose<T>(list: readonly T[], count: number, between: Chance['between']): readonly T[] {
  const indexes = list.map((_, index) => index)
  const chosen: number[] = []
  while (chosen.length < count && indexes.length > 0) chosen.push(...indexes.splice(between(0, indexes.length - 1), 1))
  return chosen.sort((a, b) => a - b).map((index) => list[index]!)
}
