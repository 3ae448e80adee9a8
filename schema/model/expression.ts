import type { Condition } from './condition.ts'

/** How a computed value follows from a row: the one tree that every back-end of formulas reads. */
export type Expression =
  /** Exact numbers, days and instants are strings. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** A field of the row, or of the target of to-one relations: `['order', 'currency']`. */
  | { readonly kind: 'field'; readonly path: readonly string[] }
  /** True where the condition holds of the row. */
  | { readonly kind: 'condition'; readonly where: Condition }
