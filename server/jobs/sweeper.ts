import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RetentionSettings } from '../config/read-retention.ts'
import { JobQueue } from './job-queue.ts'

/** What sweeps, where, and how often. */
export interface SweeperOptions {
  /** Of the login of the server. */
  readonly connectionString: string
  /** `<app>_jobs` */
  readonly role: string
  readonly keep: RetentionSettings
  /** Told of a sweep that failed; the next one tries again. */
  readonly onError: (error: unknown) => void
  /** Between two sweeps; ten minutes when left out. The first one comes after a tenth of it. */
  readonly everyMs?: number
  /** Rows that one transaction deletes; 500 when left out. */
  readonly most?: number
}

/** How many rows a sweep deleted. */
export interface Swept {
  readonly failedJobs: number
  readonly scriptRuns: number
  readonly events: number
}

const usualEveryMs = 600_000
const usualMost = 500
/** Between two transactions: whoever works with the same tables comes in between. */
const restMs = 20

/** Deletes what is kept no longer, now and then, few rows at a time. Of several processes one sweeps, and the others come again later. */
export class Sweeper {
  readonly #options: SweeperOptions
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  /** Sweeps from now on, until it is closed. */
  start(): void {
    const { everyMs = usualEveryMs } = this.#options
    this.#sweepIn(everyMs / 10)
  }

  /** Sweeps once, on a connection of its own. */
  async sweep(): Promise<Swept> {
    const { connectionString, role, keep } = this.#options
    // Each statement is a transaction, and nobody is told of jobs.
    const queue = new JobQueue({ connectionString, role, runner: randomUUID(), isSessionKept: false, onJobs: () => {} })
    try {
      const failedJobs = await this.#failedJobs(queue, keep.failedJobsDays)
      const scriptRuns = await this.#ofTenants(queue, 'script runs', keep.scriptRunsDays)
      return { failedJobs, scriptRuns, events: await this.#ofTenants(queue, 'events', keep.eventsDays) }
    } finally {
      await queue.close()
    }
  }

  /** Ends behind the rows that are being deleted. */
  async close(): Promise<void> {
    this.#closing.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  #sweepIn(ms: number): void {
    const { everyMs = usualEveryMs, onError } = this.#options
    if (this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#running = this.sweep()
        .catch(onError)
        .finally(() => this.#sweepIn(everyMs))
    }, ms)
    this.#timer.unref()
  }

  async #failedJobs(queue: JobQueue, days: number | null): Promise<number> {
    const { most = usualMost } = this.#options
    let all = 0
    if (days === null) return all
    while (await this.#goesOn(all > 0)) {
      const gone = await queue.sweepFailedJobs(days, most)
      all += gone ?? 0
      if (gone === null || gone < most) break
    }
    return all
  }

  async #ofTenants(queue: JobQueue, what: 'events' | 'script runs', days: number | null): Promise<number> {
    const { most = usualMost } = this.#options
    let all = 0
    let behind: string | null = null
    if (days === null) return all
    while (await this.#goesOn(behind !== null || all > 0)) {
      const page = await queue.sweepTenants({ what, days, behind, most })
      all += page?.gone ?? 0
      if (page === null || page.isLast) break
      behind = page.behind
    }
    return all
  }

  async #goesOn(rests: boolean): Promise<boolean> {
    const { signal } = this.#closing
    if (rests) await sleep(restMs, undefined, { signal }).catch(() => undefined)
    return !signal.aborted
  }
}
