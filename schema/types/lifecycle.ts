import type { ChoiceValues } from './choice.ts'
import type { OwnWhere } from './own-where.ts'

/** Path of a script or job body in the app, without its ending. */
export type Runs = `scripts/${string}` | `workers/${string}`

/** States of a row and the ways between them. */
export interface Lifecycle<F, S extends string, T extends string> {
  /** State of a new row. */
  readonly initial: NoInfer<S>
  /** All states, with their labels. */
  readonly states: ChoiceValues<S>
  /** The ways between states, by name; the names are verbs of rules. */
  readonly transitions: { readonly [K in T]: Transition<NoInfer<F>, NoInfer<S>> }
}

/** One way between states; its name is a verb of the entity. */
export interface Transition<F, S extends string> {
  /** State or states that it leaves. */
  readonly from: S | readonly [S, ...S[]]
  /** State that it leads to. */
  readonly to: S
  /** What must hold of the row. */
  readonly when?: OwnWhere<F, S>
  /** What is run when it happens. */
  readonly runs?: Runs
  /** Shown in GraphQL. */
  readonly note?: string
}
