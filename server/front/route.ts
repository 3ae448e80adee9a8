import type { Upstream } from './upstream.ts'

/** Says where requests go. While that is nowhere, they wait. */
export class Route {
  readonly #patienceMs: number
  readonly #waiting = new Set<() => void>()
  #upstream: Upstream | null = null

  /** @param patienceMs how long a request waits for a server */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** From now on, every request goes there; null: they wait. */
  use(upstream: Upstream | null): void {
    this.#upstream = upstream
    if (upstream === null) return
    for (const go of this.#waiting) go()
    this.#waiting.clear()
  }

  /** Where to go now, maybe after a while; null: nowhere, and it has waited long enough. */
  async next(): Promise<Upstream | null> {
    return this.#upstream ?? (await this.#wait())
  }

  #wait(): Promise<Upstream | null> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(late)
        resolve(this.#upstream)
      }
      const late = setTimeout(() => {
        this.#waiting.delete(go)
        resolve(null)
      }, this.#patienceMs)
      this.#waiting.add(go)
    })
  }
}
