/**
 * A condition over one row: the one tree that every back-end reads. Two-valued: a comparison with null is false, and
 * `not` is the exact complement.
 */
export type Condition =
  | {
      readonly kind: 'and'
      /** Each of them holds. */
      readonly all: readonly Condition[]
    }
  | {
      readonly kind: 'or'
      /** At least one of them holds. */
      readonly any: readonly Condition[]
    }
  | { readonly kind: 'not'; readonly not: Condition }
  | Comparison
  | Path

/** Compares a field of the row, its `id`, or (by id) the target of a to-one relation. */
export interface Comparison {
  readonly kind: 'compare'
  /** Name of a field, of a computed or built-in field, of a to-one relation, or of a part of a value object: `delivery.city`. */
  readonly on: string
  readonly op: Operator
  readonly to: Operand
}

/** The target of a to-one relation, as a live row, meets a condition. False when there is none. */
export interface Path {
  readonly kind: 'path'
  /** Name of the to-one relation. */
  readonly relation: string
  readonly where: Condition
}

/** How a field is compared. `isNot` and `notIn` are the exact complements of `is` and `in`. */
export type Operator =
  | 'is'
  | 'isNot'
  | 'in'
  | 'notIn'
  | 'under'
  | 'atMost'
  | 'over'
  | 'atLeast'
  | 'startsWith'
  | 'contains'
  | 'endsWith'
  // Of lists: an element is the value, any of the values is an element, all of them are, and whether there are none.
  | 'has'
  | 'hasAny'
  | 'hasAll'
  | 'empty'
  // Of periods. `covers`: the value lies in it. `overlaps`: the two share a moment. The value of `overlaps` is a range as Postgres writes it.
  | 'covers'
  | 'overlaps'
  | 'endsBefore'
  | 'startsAfter'

/** What a field is compared with. */
export type Operand =
  /** `is null` and `is not null` are `is` and `isNot` with null. Numbers too large for JSON, days, instants and money are strings. */
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  /** Only with `in`, `notIn`, `hasAny` and `hasAll`. */
  | {
      readonly kind: 'list'
      /** As single values are written. */
      readonly values: readonly (string | number | boolean)[]
    }
  /** `actor.id`, a claim, or a reach set (then only with `in` and `notIn`). */
  | { readonly kind: 'actor'; readonly name: string }
  /** Another field of the same row, such as `row('dueOn')`. */
  | { readonly kind: 'row'; readonly name: string }
