import { setTimeout as sleep } from 'node:timers/promises'

/** Pauses before one start after another; the last one is for all that follow. */
const pausesMs = [0, 0, 1_000, 5_000, 20_000]
/** What ran for this long is no sign of something that always fails. */
const soundMs = 60_000

/** Keeps what ends again and again from taking the whole processor. */
export class Restarts {
  #count = 0
  #lastAt = Number.NEGATIVE_INFINITY

  /** Resolves when the next start may begin. Never rejects. */
  async pause(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#lastAt > soundMs) this.#count = 0
    const ms = pausesMs[Math.min(this.#count++, pausesMs.length - 1)]!
    await sleep(ms, undefined, { signal }).catch(() => undefined)
    this.#lastAt = performance.now()
  }
}
