import type { Socket } from 'node:net'
import type pg from 'pg'

/** What a connection of `pg` speaks through, besides its types: version 8.23 is pinned. */
interface Wire {
  readonly connection: { readonly stream: Socket }
}

/** Beyond the time that Postgres gives a statement. */
export const mostSilenceMs = 3_000

/**
 * Ends a connection on which Postgres says nothing for longer than it may: the network is gone, or the machine, and without this whoever waits
 * would wait for as long as the kernel tries, which is a quarter of an hour.
 */
export class Silence {
  readonly #client: pg.ClientBase
  readonly #patienceMs: number
  #waiting = 0
  #answers = 0
  #timer: NodeJS.Timeout | null = null

  constructor(client: pg.ClientBase, patienceMs: number) {
    this.#client = client
    this.#patienceMs = patienceMs
  }

  /**
   * Something was asked.
   *
   * @param longerMs what is answered together with something else may take so much longer
   */
  begins(longerMs = 0): void {
    this.#waiting++
    this.#timer ??= setTimeout(() => this.#isOver(), this.#patienceMs + longerMs)
  }

  /** Something was answered: others get their time from now on. */
  ends(): void {
    this.#answers++
    if (--this.#waiting > 0) {
      this.#timer?.refresh()
      return
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** While the answer to work is waited for. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.begins()
    try {
      return await work
    } finally {
      this.ends()
    }
  }

  #isOver(): void {
    const told = this.#answers
    // What came while this process was busy is read first.
    setImmediate(() => {
      if (this.#waiting > 0 && told === this.#answers) (this.#client as unknown as Wire).connection.stream.destroy()
    })
  }
}
