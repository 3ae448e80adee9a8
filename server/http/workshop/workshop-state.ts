/** What open pages of GraphiQL know of an app under development. */
export interface WorkshopState {
  /** Identifies the model that is served; pages load the schema again when it changes. */
  readonly model: string
  /** What keeps the app's files from being served as they are now; empty when they are. */
  readonly problems: readonly ShownProblem[]
  /** Who can be asked as; null where tokens are not for the readers of the page. */
  readonly people: readonly ShownPerson[] | null
}

/** A problem as it is shown in the terminal. Plain text: names and sources of the app are in it. */
export interface ShownProblem {
  readonly code: string
  readonly text: string
}

/** Somebody of the app's `people`. */
export interface ShownPerson {
  readonly name: string
  readonly note: string | null
  readonly token: string
}
