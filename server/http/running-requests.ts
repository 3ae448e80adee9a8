import type { ServerResponse } from 'node:http'

/**
 * Counts the requests that are being answered, so that a server can end without cutting any off. In places that are used again, and not in a `Set`: V8 gives a set that much
 * comes and goes in a new table every few entries, and each table that outlived a collection keeps the next one, with all that it holds, until old objects are collected too. So
 * everything of every request outlived it.
 */
export class RunningRequests {
  readonly #places: (ServerResponse | null)[] = []
  readonly #free: number[] = []
  readonly #waiting: (() => void)[] = []

  /** How many there are. */
  get count(): number {
    return this.#places.length - this.#free.length
  }

  /** Counts a request until its answer is sent or its client is gone. */
  add(response: ServerResponse): void {
    const place = this.#free.pop() ?? this.#places.length
    this.#places[place] = response
    response.once('close', () => {
      this.#places[place] = null
      this.#free.push(place)
      if (this.count === 0) for (const resolve of this.#waiting.splice(0)) resolve()
    })
  }

  /**
   * Has connections end that take nothing of an answer for so long, which Node would keep in memory without an end. Called from time to time; whether something
   * is taken, Node looks itself.
   */
  limitWaiting(mostMs: number): void {
    for (const response of this.#places) {
      if (response === null) continue
      const { socket, writableEnded, writableNeedDrain } = response
      const isWaiting = writableEnded || writableNeedDrain
      if (socket !== null && isWaiting !== (socket.timeout ?? 0) > 0) socket.setTimeout(isWaiting ? mostMs : 0)
    }
  }

  /** Resolves when none is left, or after a time; true when none is left. */
  async idle(deadlineMs: number): Promise<boolean> {
    if (this.count === 0) return true
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), late])
    clearTimeout(timer)
    return this.count === 0
  }
}
