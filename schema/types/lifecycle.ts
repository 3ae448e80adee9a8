import type { ChoiceDetails } from './choice.ts'
import type { OwnWhere } from './own-where.ts'

/** Path of a script or job body in the app, without its ending. */
export type Runs = `scripts/${string}` | `workers/${string}`

/** States of a row and the ways between them. */
export interface Lifecycle<F, S extends string, T extends string> {
  /** State of a new row. */
  readonly initial: NoInfer<S>
  /** All states, with their labels and what they ask of their rows. */
  readonly states: readonly S[] | { readonly [V in S]: string | StateDetails }
  /** The ways between states, by name; the names are verbs of rules. */
  readonly transitions: { readonly [K in T]: Transition<NoInfer<F>, NoInfer<S>> }
}

/** A state's label, what else is known of it, and what it asks of its rows. */
export interface StateDetails extends ChoiceDetails {
  /** Names of fields and to-one relations without which no row is in this state. */
  readonly requires?: readonly string[]
  /** Names of fields and to-one relations that nobody changes while a row is in this state. */
  readonly freezes?: readonly string[]
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
