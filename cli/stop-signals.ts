/** Thrown where work ends because somebody asked to stop. */
export class Stopped extends Error {
  constructor() {
    super('Stopped.')
    this.name = 'Stopped'
  }
}

/** Ctrl-C in a terminal reaches the whole process group, and npm and our own launcher pass it on: one key press, several signals. */
export const samePressMs = 1000

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens for Ctrl-C, SIGTERM and SIGHUP from when it is made until {@link StopSignals.close}. */
export class StopSignals {
  /** Settles when somebody asks to stop. */
  readonly asked: Promise<void>
  /** Aborted when somebody asks a second time, or when the launcher is gone. */
  readonly hurry: AbortSignal
  #resolveAsked: () => void = () => {}
  #askedAt: number | null = null
  readonly #hurry = new AbortController()
  readonly #onSignal = (): void => this.#press()
  readonly #onDisconnect = (): void => this.#orphaned()
  readonly #now: () => number

  /** @param now clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.hurry = this.#hurry.signal
    this.asked = new Promise((resolve) => {
      this.#resolveAsked = resolve
    })
    for (const signal of signals) process.on(signal, this.#onSignal)
    if (process.channel === undefined || process.channel === null) return
    process.on('disconnect', this.#onDisconnect)
    process.channel.unref()
  }

  /** True once somebody asked. */
  get isAsked(): boolean {
    return this.#askedAt !== null
  }

  /** For between two steps of a start. @throws Stopped when somebody asked to stop */
  check(): void {
    if (this.isAsked) throw new Stopped()
  }

  /** Gives the signals back to Node. */
  close(): void {
    for (const signal of signals) process.off(signal, this.#onSignal)
    process.off('disconnect', this.#onDisconnect)
  }

  #press(): void {
    const now = this.#now()
    if (this.#askedAt === null) {
      this.#askedAt = now
      this.#resolveAsked()
    } else if (now - this.#askedAt > samePressMs) this.#hurry.abort()
  }

  /** The launcher was killed: nobody is left to wait for a gentle end. */
  #orphaned(): void {
    this.#askedAt ??= this.#now()
    this.#resolveAsked()
    this.#hurry.abort()
  }
}
