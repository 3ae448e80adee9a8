/** What a pool knows of time; tests bring their own. */
export interface Clock {
  /** Milliseconds since any moment. */
  now(): number
  /** Does something later; what comes back takes it back. */
  after(ms: number, run: () => void): () => void
}

/** The machine's time. Nothing of it keeps a process alive. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
