/** Milliseconds of its processor that the event loop of this thread spent in its longest turn; what other threads and processes do is not in it. */
export class LoopWatch {
  #longest = 0
  #last = process.threadCpuUsage()
  #next: NodeJS.Immediate

  constructor() {
    this.#next = setImmediate(this.#look)
  }

  /** The longest turn since it was asked last. */
  take(): number {
    const longest = this.#longest
    this.#longest = 0
    return longest
  }

  close(): void {
    clearImmediate(this.#next)
  }

  readonly #look = () => {
    const now = process.threadCpuUsage()
    const spent = (now.user + now.system - this.#last.user - this.#last.system) / 1_000
    this.#longest = Math.max(this.#longest, spent)
    this.#last = now
    this.#next = setImmediate(this.#look)
  }
}
