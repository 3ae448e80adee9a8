import { Agent } from 'node:http'

/** A server behind a front, and what runs there. */
export class Upstream {
  readonly pipe: string
  readonly agent: Agent
  readonly #onIdle: () => void
  readonly #watching: (() => void)[] = []
  #running = 0

  /** @param onIdle told first when nothing runs there any more, after {@link Upstream.watch} */
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

  /** Tells when nothing runs there any more. Nothing new is sent there. */
  watch(tell: () => void): void {
    this.#watching.push(tell)
    this.#tell()
  }

  #tell(): void {
    if (this.#watching.length === 0 || this.#running > 0) return
    this.agent.destroy()
    this.#onIdle()
    for (const tell of this.#watching.splice(0)) tell()
  }
}
