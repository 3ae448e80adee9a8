import { Agent } from 'node:http'

/** A server behind a front, and what runs there. */
export class Upstream {
  readonly pipe: string
  readonly agent: Agent
  readonly #onIdle: () => void
  #running = 0
  #isWatched = false

  /** @param onIdle told once nothing runs there any more, after {@link Upstream.watch} */
  constructor(pipe: string, onIdle: () => void) {
    this.pipe = pipe
    this.agent = new Agent({ keepAlive: true })
    this.#onIdle = onIdle
  }

  /** Counts a request, or a connection that became something else, until the function that it gives back is called. */
  begin(): () => void {
    this.#running++
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#running--
      this.#tell()
    }
  }

  /** Nothing new is sent there. */
  watch(): void {
    this.#isWatched = true
    this.#tell()
  }

  #tell(): void {
    if (!this.#isWatched || this.#running > 0) return
    this.#isWatched = false
    this.agent.destroy()
    this.#onIdle()
  }
}
