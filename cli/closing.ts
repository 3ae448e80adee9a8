/** Remembers what has to be closed, and closes it in the opposite order. */
export class Closing {
  readonly #steps: (() => Promise<void>)[] = []

  /** To be closed before everything that was added until now. */
  add(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  /** Closes everything, also when a step fails; then the first failure is thrown. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.splice(0).reverse()) {
      await step().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
}
