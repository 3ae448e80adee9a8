import type { ActorRef } from './comparison.ts'
import type { FieldOptions } from './field-options.ts'
import type { Literal } from './values.ts'

/** Options of `period`. */
export interface PeriodOptions<Of, Optional extends boolean> extends FieldOptions<Optional> {
  /** What the ends are: days, the last one included, or instants, the last one excluded. */
  readonly of: Of
}

/** What an author writes for a period; an end that is left out is open. */
export interface PeriodLiteral<T> {
  /** First day or instant; open when left out. */
  readonly from?: Literal<T> | null
  /** Last day, or first instant after; open when left out. */
  readonly to?: Literal<T> | null
}

/** Compares a period of days or instants. */
export interface PeriodTest<T> {
  /** `null`: there is none. */
  readonly is?: null
  /** `null`: there is one. */
  readonly isNot?: null
  /** The day or instant lies in it. */
  readonly covers?: Literal<T> | ActorRef<T>
  /** The two share a day or an instant. */
  readonly overlaps?: PeriodLiteral<T>
  /** All of it lies before. */
  readonly endsBefore?: Literal<T> | ActorRef<T>
  /** All of it lies after. */
  readonly startsAfter?: Literal<T> | ActorRef<T>
}
