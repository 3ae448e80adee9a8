/** Numbers that follow from a seed, the same on every machine (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 up to, but without, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** True in so many of a hundred. */
  chance(percent: number): boolean {
    return this.next() * 100 < percent
  }

  /** One of them. */
  pick<T>(given: readonly T[]): T {
    return given[this.below(given.length)]!
  }

  /** Some of them, in order; at least so many. */
  some<T>(given: readonly T[], least = 0, percent = 50): readonly T[] {
    const taken = given.filter(() => this.chance(percent))
    return taken.length >= least ? taken : given.slice(0, least)
  }

  /** So many made one after the other. */
  times<T>(count: number, make: (at: number) => T): readonly T[] {
    return Array.from({ length: count }, (_, at) => make(at))
  }
}
