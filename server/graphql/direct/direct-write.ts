import type { Step } from 'grafast'
import type { Ahead, RequestClient } from '../../postgres/with-pg-client.ts'
import type { KeyAnswer } from '../idempotency/do-once.ts'

/** Sends one statement, and waits for nothing. */
export type SendChange = (client: RequestClient & { readonly ahead: Ahead }) => void

/** A change that may be nothing but one statement. */
export interface DirectWrite {
  /** What statements behind it know the row by, of late values. */
  readonly key: KeyAnswer
  /**
   * Null: this input takes more than one statement.
   *
   * @throws whatever is wrong with it
   */
  sendOf(input: Readonly<Record<string, unknown>>): SendChange | null
}

const known = new WeakMap<Step, DirectWrite>()

/** Notes how the change of a step is sent without the steps before it. */
export function allowDirectly(step: Step, write: DirectWrite): void {
  known.set(step, write)
}

/** What {@link allowDirectly} noted; null: nothing. */
export function directWriteOf(step: Step): DirectWrite | null {
  return known.get(step) ?? null
}
