import { setTimeout as sleep } from 'node:timers/promises'

/** How jobs that are done leave the queue. */
export interface DoneJobsOptions {
  readonly complete: (ids: readonly string[]) => Promise<void>
  readonly completed: () => void
  readonly failed: (error: unknown) => void
}

const againMs = 250

/** Jobs that are done and wrote nothing: those of one turn of the event loop are ended together. */
export class DoneJobs {
  readonly #options: DoneJobsOptions
  #ids: string[] = []
  #ending: Promise<void> | null = null
  #isClosing = false

  constructor(options: DoneJobsOptions) {
    this.#options = options
  }

  /** Those that the queue has not been told of. */
  get ids(): readonly string[] {
    return this.#ids
  }

  add(id: string): void {
    this.#ids.push(id)
    this.#end()
  }

  /** Tells the queue of the rest, once: who cannot be told gives them to somebody else. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#ending
    await this.#endAll()
  }

  #end(): void {
    this.#ending ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#endAll())
      .finally(() => {
        this.#ending = null
        if (this.#ids.length > 0 && !this.#isClosing) this.#end()
      })
  }

  async #endAll(): Promise<void> {
    while (this.#ids.length > 0) {
      const ids = this.#ids
      this.#ids = []
      try {
        await this.#options.complete(ids)
        this.#options.completed()
      } catch (error) {
        this.#ids.push(...ids)
        this.#options.failed(error)
        if (this.#isClosing) return
        await sleep(againMs, undefined, { ref: false })
      }
    }
  }
}
