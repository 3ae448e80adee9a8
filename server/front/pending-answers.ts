/** What was asked of a thread, each by a number that comes back with its answer: answers may come in any order. */
export class PendingAnswers {
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  /** Resolves, or rejects, with the answer of this number. @param send asks */
  ask(send: (id: number) => void): Promise<void> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      send(id)
    })
  }

  /** What was asked by this number is done; or failed, where there is an error. */
  answer(id: number, error?: Error): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(error)
  }

  /** Nobody will answer any more: all is done, or failed, where there is an error. */
  end(error?: Error): void {
    for (const id of [...this.#waiting.keys()]) this.answer(id, error)
  }
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}
