/** What was wrong, and how often anything was done. */
export class Watch {
  readonly counts = new Map<string, number>()
  readonly #faults: string[] = []
  /** Until when errors are accepted, in the clock of `performance`; Infinity while Postgres is away. */
  #awayUntil = 0

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  /** Something that may never be. */
  fault(what: string): void {
    this.count('faults')
    if (this.#faults.length < 100) this.#faults.push(what.slice(0, 600))
  }

  get faults(): readonly string[] {
    return this.#faults
  }

  get faultCount(): number {
    return this.counts.get('faults') ?? 0
  }

  leaves(): void {
    this.#awayUntil = Infinity
  }

  /** Postgres is back. What was begun before may still be told that it was away. */
  returns(graceMs: number): void {
    this.#awayUntil = performance.now() + graceMs
  }

  /** Whether Postgres was away at some moment since. */
  wasAwaySince(started: number): boolean {
    return this.#awayUntil >= started
  }
}
