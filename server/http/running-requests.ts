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
