import type { Ui } from './field-options.ts'

/** Options of `partOf`. */
export interface PartOfOptions {
  /** The parts have an order: each has a place among its siblings, new ones come last, and a mutation moves them. */
  readonly ordered?: true
  /** There is at most one part. */
  readonly unique?: true
  /** Shown in GraphQL and stored as comment. */
  readonly note?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  /** Name of the column. Default: `order_id`. */
  readonly column?: string
  /** Path of to-one relations: what it leads to is also what the whole's relation of the same name leads to. */
  readonly same?: string
}
