import { median } from '../bench.ts'

/** One of several ways to the same answer. */
export interface Contender {
  readonly name: string
  /** Milliseconds of what counts. */
  readonly run: () => Promise<number>
  /** Whether it stays to the end, however slow: of all others the fastest is looked for. */
  readonly stays: boolean
  /** It may take this share of the time of all; without it, every round. */
  readonly share?: number
}

export interface Pace {
  /** For all contenders together, the first rounds left out. */
  readonly budgetMs: number
  readonly leastRounds: number
}

/** Plans are settled after five executions; the rest is for caches. */
const firstRounds = 8

/**
 * Times of each, in rounds of all of them whose order is shuffled: whatever else the machine does meets all alike, and none always follows
 * the same other. As many rounds as fit the budget, so what takes 0.1 ms has hundreds. Contenders that are not to stay, and are twice as
 * slow as the fastest of their like in the first rounds, run no further.
 */
export async function inTurns(
  contenders: readonly Contender[],
  { budgetMs, leastRounds }: Pace,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const random = generator(contenders.length)
  const first = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < firstRounds; round++)
    for (const { name, run } of shuffled(contenders, random)) first.get(name)!.push(await run())
  const rivals = contenders.filter(({ stays }) => !stays)
  const fastest = Math.min(...rivals.map(({ name }) => settled(first.get(name)!)))
  const left = contenders.filter(({ name, stays }) => stays || settled(first.get(name)!) <= 2 * fastest)
  const found = new Map(left.map(({ name }) => [name, [] as number[]]))
  const started = performance.now()
  const spent = new Map<string, number>()
  for (let round = 0; round < leastRounds || performance.now() - started < budgetMs; round++) {
    for (const { name, run, share } of shuffled(left, random)) {
      const used = spent.get(name) ?? 0
      if (share !== undefined && round > 4 && used > share * (performance.now() - started)) continue
      const before = performance.now()
      found.get(name)!.push(await run())
      spent.set(name, used + performance.now() - before)
    }
  }
  return found
}

function settled(ms: readonly number[]): number {
  return median(ms.slice(firstRounds / 2))
}

function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  const left = [...all]
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[left[at], left[other]] = [left[other]!, left[at]!]
  }
  return left
}

/** The same numbers from 0 to 1 in each run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
