/** One measured thing: a name that a stranger understands, and its times. */
export interface Run {
  readonly name: string
  /** Milliseconds, in order of measurement. */
  readonly ms: readonly number[]
  /** What the numbers are where they are no milliseconds. */
  readonly unit?: 'MiB' | 'requests/s'
}

/** What a benchmark found. */
export interface BenchResult {
  readonly runs: readonly Run[]
  /** Readable name → number. Ratios compare things measured side by side in this run, or a time with its limit. */
  readonly ratios: Readonly<Record<string, number>>
  /** A page of the documentation that tells of it; `--write` writes it. */
  readonly page?: { readonly path: string; readonly text: string }
}

/** A benchmark: `bench/<name>.bench.ts` exports it as `bench`. */
export interface Bench {
  /** One line for `npm run bench`. */
  readonly summary: string
  /** `quick`: the same ratios in under a minute, from fewer rounds. Notes go to `note`, never to standard output. */
  readonly run: (options: { readonly quick: boolean; readonly note: (line: string) => void }) => Promise<BenchResult>
}

/** The middle value; of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
