import type { ServerResponse } from 'node:http'

/** Counts the requests that are being answered, so that a server can end without cutting any off. */
export class RunningRequests {
  readonly #running = new Set<ServerResponse>()
  readonly #waiting: (() => void)[] = []

  /** How many there are. */
  get count(): number {
    return this.#running.size
  }

  /** Counts a request until its answer is sent or its client is gone. */
  add(response: ServerResponse): void {
    this.#running.add(response)
    response.once('close', () => {
      this.#running.delete(response)
      if (this.#running.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
    })
  }

  /**
   * Has connections end that take nothing of an answer for so long, which Node would keep in memory without an end. Called from time to time; whether something
   * is taken, Node looks itself.
   */
  limitWaiting(mostMs: number): void {
    for (const { socket, writableEnded, writableNeedDrain } of this.#running) {
      const isWaiting = writableEnded || writableNeedDrain
      if (socket !== null && isWaiting !== (socket.timeout ?? 0) > 0) socket.setTimeout(isWaiting ? mostMs : 0)
    }
  }

  /** Resolves when none is left, or after a time; true when none is left. */
  async idle(deadlineMs: number): Promise<boolean> {
    if (this.#running.size === 0) return true
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), late])
    clearTimeout(timer)
    return this.#running.size === 0
  }
}
