/** The operations that one WebSocket runs, by the ids that its client gave them. */
export class RunningOperations {
  readonly #most: number
  readonly #running = new Map<string, AbortController>()
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** How many run. */
  get count(): number {
    return this.#running.size
  }

  /** True from when an operation begins until it is over, though it may be cancelled already. */
  has(id: string): boolean {
    return this.#running.has(id)
  }

  /** What says when nobody waits for the operation any more. Null: there are as many as there may be. */
  begin(id: string): AbortSignal | null {
    if (this.#running.size >= this.#most) return null
    const controller = new AbortController()
    this.#running.set(id, controller)
    return controller.signal
  }

  /** Ends what runs for an operation, if it does. */
  cancel(id: string): void {
    this.#running.get(id)?.abort()
  }

  /** Ends what runs for any. */
  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  /** Takes note that an operation is over. */
  end(id: string): void {
    this.#running.delete(id)
    if (this.#running.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when none runs. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
