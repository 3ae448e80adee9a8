import type { Runs } from './lifecycle.ts'
import type { AnyFields } from './parts.ts'

/** Path of what an action runs, without its ending; `actions/` are files of the app that its own server runs. */
export type ActionRuns = Runs | `actions/${string}`

/** Something that can be done with a row; its name is a verb of the entity. */
export interface Action<Input> {
  /** What the caller hands over, written with the builders of fields. */
  readonly input?: Input & AnyFields
  /** What it answers: values, or the name of an entity, one of whose rows it answers. */
  readonly output?: AnyFields | string
  /** What must hold of the row: a condition on its own fields, looked at when the app is loaded; in types it would cost every entity. */
  readonly when?: object
  /** What is run. */
  readonly runs: ActionRuns
  /** Shown in GraphQL. */
  readonly note?: string
}
