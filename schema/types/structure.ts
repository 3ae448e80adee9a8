import type { AnyField, Field, StoredOf } from './field.ts'
import type { FieldOptions } from './field-options.ts'
import type { Bytes, Clock, ClockText, Day, DayText, Decimal, Digits, InstantText, Money } from './values.ts'

/** What a shape holds: its parts by name. */
export type ShapeOf<F> = { readonly [K in keyof F]: StoredOf<F[K]> }

/** Parts of a shape by name. */
export type Parts = Readonly<Record<string, AnyField>>

declare const shapeParts: unique symbol

/** Parts shared by several fields under one name; one GraphQL type. */
export interface ShapeType<F> {
  /** Only in types. */
  readonly [shapeParts]: F
}

/** What an author writes for the default of a structured field that holds `T`. */
export type Written<T> = T extends string | number | boolean | null
  ? T
  : T extends bigint
    ? `${bigint}`
    : T extends Money | Decimal
      ? Digits
      : T extends Day
        ? DayText
        : T extends Clock
          ? ClockText
          : T extends Date
            ? InstantText
            : T extends Bytes
              ? string
              : T extends readonly (infer I)[]
                ? readonly Written<I>[]
                : { readonly [K in keyof T]: Written<T[K]> }

/** Options of `list`. Lists are neither unique nor indexed. */
export interface ListOptions<T, Optional extends boolean> extends FieldOptions<Optional> {
  /** Least number of elements. */
  readonly min?: number
  /** Greatest number of elements. */
  readonly max?: number
  /** Elements of a new row; `[]` for none. */
  readonly default?: readonly Written<T>[]
  readonly unique?: never
}

/** Options of `shape`. */
export interface ShapeOptions<F, Optional extends boolean> extends FieldOptions<Optional> {
  /** Complete: every required part is in it. */
  readonly default?: Written<ShapeOf<F>>
  readonly unique?: never
  readonly index?: never
}

/** Options of `dict`. */
export interface DictOptions<T, Optional extends boolean> extends FieldOptions<Optional> {
  /** What each value is. Default: any JSON. */
  readonly values?: Field<T, false>
  /** Greatest number of keys. */
  readonly max?: number
  /** Values of a new row. */
  readonly default?: { readonly [key: string]: Written<NoInfer<T>> }
  readonly unique?: never
  readonly index?: never
}

/** Options of `secret`. */
export interface SecretOptions<Optional extends boolean> extends FieldOptions<Optional> {
  /** `hash`: a given value can be held against it (passwords, codes). `encrypted`: the server's own code can read it (tokens of others). */
  readonly keep: 'hash' | 'encrypted'
  readonly unique?: never
  readonly index?: never
  readonly from?: never
}

/** Options of `base64`. */
export interface Base64Options<Optional extends boolean> extends FieldOptions<Optional> {
  /** Greatest size in bytes, decoded. */
  readonly maxBytes: number
  /** Base64 with its padding: `aGVsbG8=`. */
  readonly default?: string
  readonly unique?: never
  readonly index?: never
}
