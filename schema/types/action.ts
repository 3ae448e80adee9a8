import type { Runs } from './lifecycle.ts'
import type { AnyFields } from './parts.ts'

/** Something that can be done with a row; its name is a verb of the entity. */
export interface Action<Input> {
  /** What the caller hands over, written with the builders of fields. */
  readonly input?: Input & AnyFields
  /** What is run. */
  readonly runs: Runs
  /** Shown in GraphQL. */
  readonly note?: string
}
