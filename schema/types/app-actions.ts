declare const inputs: unique symbol

/** What `defineActions` gives back. */
export interface AppActions<A> {
  /** Fields of the inputs of each; only in types. */
  readonly [inputs]: A
}
