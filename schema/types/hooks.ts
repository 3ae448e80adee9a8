/** Path of what a hook runs, without its ending; of several one after the other. */
export type HookRuns = HookPath | readonly HookPath[]

type HookPath = `actions/${string}` | `scripts/${string}`

/** Code that runs beside changes of rows, in their transaction, whatever writes them: the API, actions, jobs or other hooks. What it throws refuses the change. */
export interface Hooks {
  /** Before the values of a new row or of a change are looked at. What it answers is laid over them. */
  readonly beforeValidate?: HookRuns
  /** When the values of a new row or of a change are sound. What it answers is laid over them. */
  readonly afterValidate?: HookRuns
  /** Before a row is made. What it answers is laid over its values. */
  readonly beforeCreate?: HookRuns
  /** When a row is made, and all that is written with it. */
  readonly afterCreate?: HookRuns
  /** Before a row is changed, which is locked. What it answers is laid over what changes. */
  readonly beforeUpdate?: HookRuns
  /** When a row is changed. */
  readonly afterUpdate?: HookRuns
  /** Before a row is removed or deleted. */
  readonly beforeRemove?: HookRuns
  /** When a row is removed or deleted. */
  readonly afterRemove?: HookRuns
  /** Before a field or to-one relation gets another value, by its name. */
  readonly onChange?: { readonly [field: string]: HookRuns }
  /** When a field or to-one relation got another value, by its name. */
  readonly afterChange?: { readonly [field: string]: HookRuns }
  /** Before a row comes to another state, which is locked: of every transition, or of some by their names. */
  readonly beforeTransition?: HookRuns | { readonly [verb: string]: HookRuns }
  /** When a row came to another state: of every transition, or of some by their names. */
  readonly afterTransition?: HookRuns | { readonly [verb: string]: HookRuns }
}
