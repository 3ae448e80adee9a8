import type { Ui } from './field-options.ts'

/** Options of `numbering`. */
export interface NumberingOptions<On extends string> {
  /**
   * What begins a series of its own: `year`, `month` or `day` (in UTC), or names of required fields and to-one relations.
   * Every tenant has its own series anyhow.
   */
  readonly per?: readonly string[]
  /** No number is ever left out: whoever makes a row waits until the one before is done. */
  readonly gapless?: true
  /** Transition that gives the number. Without it the row has its number from the start. */
  readonly on?: On
  /** Numbers are indexed anyhow, since no two rows share one. */
  readonly index?: true
  /** Name of the column. Default: the field's in snake case. */
  readonly column?: string
  /** Tells something about a person. */
  readonly pii?: true
  /** Shown in GraphQL and stored as comment. */
  readonly note?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
}
