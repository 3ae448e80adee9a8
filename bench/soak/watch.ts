import type { Told } from './asker.ts'

/** What may never be, by the line of the report that it belongs to. */
export type Fault = 'errors while Postgres was up' | 'unclean errors' | 'wrong answers' | 'stuck requests' | 'leaks'

/** What was wrong, and how often anything was done. */
export class Watch {
  readonly counts = new Map<string, number>()
  /** Errors by whether Postgres was up, and what was said. */
  readonly errors = { up: new Map<string, number>(), down: new Map<string, number>() }
  readonly #faults = new Map<Fault, string[]>()
  readonly #faultCounts = new Map<Fault, number>()
  /** Until when Postgres was away, in the clock of `performance`; Infinity while it is. */
  #awayUntil = -1

  count(what: string): void {
    add(this.counts, what)
  }

  /** Something that may never be. */
  fault(fault: Fault, what: string): void {
    add(this.#faultCounts, fault)
    const told = this.#faults.get(fault) ?? []
    if (told.length < 20) told.push(what.slice(0, 600))
    this.#faults.set(fault, told)
  }

  faultsOf(fault: Fault): readonly string[] {
    return this.#faults.get(fault) ?? []
  }

  faultCount(fault: Fault): number {
    return this.#faultCounts.get(fault) ?? 0
  }

  get allFaults(): number {
    return [...this.#faultCounts.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Postgres is told to end. */
  leaves(): void {
    this.#awayUntil = Infinity
  }

  /** Postgres has just answered somebody else. */
  returns(): void {
    this.#awayUntil = performance.now()
  }

  /** Whether Postgres was away at some moment since. */
  wasAwaySince(started: number): boolean {
    return this.#awayUntil >= started
  }

  /** An answer that is not what it should be: right only while Postgres is away, and only where it says so. */
  failed(told: Told, started: number, what: string): void {
    if (told.text === 'stuck') this.fault('stuck requests', what)
    else this.#failed(told, started, what)
  }

  #failed(told: Told, started: number, what: string): void {
    const said = told.codes.length > 0 ? told.codes.join(' + ') : 'no errors'
    const isDown = this.wasAwaySince(started)
    const errors = isDown ? this.errors.down : this.errors.up
    add(errors, `${told.status} ${said}${told.outcome === null ? '' : `, outcome ${told.outcome}`}`)
    if (!isDown) this.fault('errors while Postgres was up', `${what}: ${told.status} ${told.text}`)
    else if (!isClean(told)) this.fault('unclean errors', `${what}: ${told.status} ${told.text}`)
  }
}

/** Every error says that Postgres is away or late, or which other part of the request was; with the status for it. */
function isClean({ status, codes, data }: Told): boolean {
  const isAway = codes.includes('UNAVAILABLE')
  const isLate = codes.includes('TIMEOUT')
  const isAlone = codes.every((code) => code === 'UNAVAILABLE' || code === 'TIMEOUT' || code === 'ROLLED_BACK')
  return isAlone && ((isAway && status === 503) || isLate) && !hasData(data)
}

/** A field that failed is null. */
function hasData(data: unknown): boolean {
  return data !== null && Object.values(data as object).some((value) => value !== null)
}

function add<T>(counts: Map<T, number>, what: T): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
