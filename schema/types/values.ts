declare const brand: unique symbol

/** Id of a row of entity `N`; ids of two entities are never mixed up. */
export interface Id<N extends string> {
  readonly [brand]: N
}

/** Exact amount of money, never a float. */
export interface Money {
  readonly [brand]: 'money'
}

/** Exact decimal number, never a float. */
export interface Decimal {
  readonly [brand]: 'decimal'
}

/** Calendar day, `2026-03-31`. Not an instant. */
export interface Day {
  readonly [brand]: 'day'
}

/** Time of day, `17:30`, without day and zone. */
export interface Clock {
  readonly [brand]: 'clock'
}

/** Binary data; base64 wherever it is written. */
export interface Bytes {
  readonly [brand]: 'bytes'
}

/** What nobody reads back: a condition asks whether there is one, and no more. */
export interface Secret {
  readonly [brand]: 'secret'
}

/** Anything that is told apart by its brand alone. */
export interface Branded {
  readonly [brand]: string
}

/** Plain data as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Values by key. */
export interface Dict<T> {
  /** A value under a key. */
  readonly [key: string]: T
}

/** From one day or instant to another; null is an open end. Of days, `to` is the last one; of instants, the first one after. */
export interface Period<T> {
  /** Null: it has always been. */
  readonly from: T | null
  /** Null: it never ends. */
  readonly to: T | null
  readonly [brand]: 'period'
}

/** What `usd('50000')` and `amount('SEK', '50000')` give back: the form of {@link Money} in conditions. */
export interface Amount {
  readonly [brand]: 'amount'
}

/** Digits of an exact number, `-12.50`. */
export type Digits = `${number}`

/** `2026-03-31` */
export type DayText = `${number}-${number}-${number}`

/** `2026-03-31T17:30:00Z` */
export type InstantText = `${DayText}T${string}`

/** `17:30` or `17:30:15` */
export type ClockText = `${number}:${number}` | `${number}:${number}:${number}`

/** What an author writes for a value of type `T`; never for what has parts. */
export type Literal<T> = [T] extends [object] ? ObjectLiteral<T> : T

type ObjectLiteral<T> = [T] extends [Money]
  ? Amount
  : [T] extends [Decimal]
    ? Digits
    : [T] extends [Day]
      ? DayText
      : [T] extends [Clock]
        ? ClockText
        : [T] extends [Date]
          ? InstantText
          : never
