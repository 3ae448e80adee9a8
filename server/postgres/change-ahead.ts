import type { Ahead } from './with-pg-client.ts'

/** What is known of a mutation when it is planned: one change, and selects of what is read of it. */
export interface PlannedChange {
  /** Statements behind the change, at most. */
  readonly selects: number
  /** Nothing of the answer can fail once Postgres has answered, so that the end may travel along. */
  readonly isSure: boolean
  /** The answer has the key itself, beside what is read of the row. */
  readonly tellsKey: boolean
}

/** A change that does not wait for its answers: what is asked behind it, and where it is sure the end too, is sent along. */
export class ChangeAhead implements Ahead {
  readonly #plan: PlannedChange
  readonly #left: Promise<unknown>[] = []
  #isWritten = false
  #selects = 0

  constructor(plan: PlannedChange) {
    this.#plan = plan
  }

  get isKeyLate(): boolean {
    return !this.#plan.tellsKey && this.#plan.selects > 0
  }

  leave(change: Promise<unknown>): void {
    change.catch(() => undefined)
    this.#left.push(change)
  }

  /** True where something was left, and did not come to pass. */
  async hasFailed(): Promise<boolean> {
    return (await Promise.allSettled(this.#left)).some(({ status }) => status === 'rejected')
  }

  /** Takes notice that nothing more is written. */
  finish(): void {
    this.#isWritten = true
  }

  /** Takes notice of a select of the plan. */
  count(): void {
    this.#selects++
  }

  /** True from the last statement on, where nothing of the answer can fail. */
  get isOver(): boolean {
    return this.#isWritten && this.#plan.isSure && this.#selects === this.#plan.selects
  }
}
