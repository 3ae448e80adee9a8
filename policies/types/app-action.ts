import type { ActionRuns, AnyFields, RoleName } from '#schema'
import type { Everyone, SignedIn } from './audience.ts'

/** Something that can be done with the app as a whole, with no row of its own. */
export interface AppAction<Input> {
  /** Who may do it, which Postgres looks at: a role, a list of roles, `signedIn` or `everyone`. */
  readonly allow: RoleName | readonly [RoleName, ...RoleName[]] | SignedIn | Everyone
  /** What the caller hands over, written with the builders of fields. */
  readonly input?: Input & AnyFields
  /** What it answers: values, or the name of an entity, one of whose rows it answers. */
  readonly output?: AnyFields | string
  /** What is run. */
  readonly runs: ActionRuns
  /** Shown in GraphQL. */
  readonly note?: string
}

/** Actions of the app, by name. */
export type AppActionsOf<A> = { readonly [K in keyof A]: AppAction<A[K]> }
