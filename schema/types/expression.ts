import type { Embedded } from './embed.ts'
import type { Field } from './field.ts'
import type { AllFieldsOf, ComputedOf, IsUnknown, RelationsOf } from './parts.ts'
import type { HasOne, Many, One } from './relation.ts'
import type { Clock, ClockText, Day, DayText, Decimal, Digits, Id, InstantText, Money, Period } from './values.ts'
import type { Where } from './where.ts'

declare const gives: unique symbol

/** A value that the database will know: a field of a row, or what a function of the language makes of such. */
export interface Expr<T> {
  /** Only in types. */
  readonly [gives]: T
}

/** What can be counted with. */
export type Num = number | bigint | Money | Decimal

/** `T` without null. */
export type Bare<T> = Exclude<T, null>

/** Null where `T` may be null. */
export type NullIn<T> = null extends T ? null : never

/** A value as authors write it where an expression of it is wanted: digits for exact numbers, texts for days. */
export type Plain<T> = [T] extends [Money | Decimal]
  ? Digits
  : [T] extends [Day]
    ? DayText
    : [T] extends [Clock]
      ? ClockText
      : [T] extends [Date]
        ? InstantText
        : T

/** A row of `N` inside of a formula: its fields, computed fields and relations. */
export type RowExpr<N extends string> = {
  readonly [K in RowKey<N>]: IsUnknown<N> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: loose instead of wrong until the registry is generated
      any
    : K extends keyof AllFieldsOf<N>
      ? FieldExpr<AllFieldsOf<N>[K]>
      : K extends keyof RelationsOf<N>
        ? RelationExpr<RelationsOf<N>[K]>
        : K extends 'id'
          ? Expr<Id<N>>
          : never
}

type RowKey<N> = IsUnknown<N> extends true ? string : 'id' | keyof AllFieldsOf<N> | keyof RelationsOf<N>

type FieldExpr<X> =
  X extends Field<infer T, infer Optional>
    ? T extends Embedded<infer F>
      ? { readonly [K in keyof F]: true extends Optional ? MaybeExpr<FieldExpr<F[K]>> : FieldExpr<F[K]> }
      : T extends Period<infer End>
        ? { readonly from: Expr<End | null>; readonly to: Expr<End | null> }
        : Expr<true extends Optional ? T | null : T>
    : never

/** A part of a value object that may not be there. */
type MaybeExpr<E> = E extends Expr<infer T> ? Expr<T | null> : { readonly [K in keyof E]: MaybeExpr<E[K]> }

/** Fields of a row that may not be there: each may be null. */
type MaybeRowExpr<N extends string> = {
  readonly [K in keyof RowExpr<N>]: RowExpr<N>[K] extends Expr<infer T> ? Expr<T | null> : RowExpr<N>[K]
}

type RelationExpr<X> =
  X extends One<infer To, infer Optional>
    ? true extends Optional
      ? MaybeRowExpr<To>
      : RowExpr<To>
    : X extends HasOne<infer To>
      ? MaybeRowExpr<To>
      : X extends Many<infer To>
        ? ManyExpr<To>
        : never

/** The live rows of a to-many relation inside of a formula. Each function takes a filter. */
export interface ManyExpr<N extends string> {
  /** 0 when there are none. */
  sum<T extends Num | null>(value: (row: RowExpr<N>) => Expr<T>, where?: Where<N>): Expr<Bare<T>>
  /** Null when there are none. */
  average<T extends Num | null>(
    value: (row: RowExpr<N>) => Expr<T>,
    where?: Where<N>,
  ): Expr<([Bare<T>] extends [Money] ? Money : Decimal) | null>
  /** The smallest or earliest; null when there are none. */
  min<T>(value: (row: RowExpr<N>) => Expr<T>, where?: Where<N>): Expr<T | null>
  /** The largest or latest; null when there are none. */
  max<T>(value: (row: RowExpr<N>) => Expr<T>, where?: Where<N>): Expr<T | null>
  /** The value of the row that comes first in that order: `{ sort: ['-createdAt'] }`. */
  first<T>(value: (row: RowExpr<N>) => Expr<T>, options: FirstOptions<N>): Expr<T | null>
  /** How many there are. */
  count(where?: Where<N>): Expr<number>
  /** How many different values there are; null is none of them. */
  countDistinct(value: (row: RowExpr<N>) => Expr<unknown>, where?: Where<N>): Expr<number>
  /** Whether there is any. */
  exists(where?: Where<N>): Expr<boolean>
  /** Texts one after the other in their order; empty when there are none. */
  join(value: (row: RowExpr<N>) => Expr<string | null>, separator: string, where?: Where<N>): Expr<string>
}

/** Options of `first`. */
interface FirstOptions<N extends string> {
  /** Fields to order by; `-` before a name: descending. */
  readonly sort: readonly [SortName<N>, ...SortName<N>[]]
  /** Only rows of which this holds. */
  readonly where?: Where<N>
}

type SortName<N> = IsUnknown<N> extends true ? string : Signed<keyof AllFieldsOf<N> & string>
type Signed<Name extends string> = Name | `-${Name}`

/** One of the cases of a formula. */
export interface FormulaCase<N extends string, T> {
  /** What must hold of the row. */
  readonly if: Where<N>
  /** The value then. */
  readonly then: T
}

/** A value by the first case that holds. */
export interface CasesFormula<N extends string, T> {
  /** Asked in this order. */
  readonly cases: readonly FormulaCase<N, T>[]
  /** The value when no case holds. */
  readonly otherwise: T
}

type Given<X> = X extends Field<infer T, infer Optional> ? (true extends Optional ? T | null : T) : never

/** Every whole number is one of 64 bits. */
type Given64<T> = bigint extends T ? T | number : T

type CaseValue<N extends string, T> = Plain<Bare<T>> | NullIn<T> | ((row: RowExpr<N>) => Expr<T>)

/** What a computed field can be given: a function of the row, cases, or (for true and false) a condition. */
export type Formula<N extends string, X> =
  | ((row: RowExpr<N>) => Expr<Given64<Given<X>>>)
  | CasesFormula<N, CaseValue<N, Given<X>>>
  | ([Given<X>] extends [boolean | null] ? Where<N> : never)

// biome-ignore lint/suspicious/noExplicitAny: loose instead of wrong until the registry is generated
type Loose = (row: any) => any

/** A formula for each computed field of `N`. */
export type FormulasOf<N extends string> =
  IsUnknown<N> extends true
    ? Readonly<Record<string, Loose | object>>
    : { readonly [K in keyof ComputedOf<N>]: Formula<N, ComputedOf<N>[K]> }

type Fields<N> = Omit<AllFieldsOf<N>, keyof ComputedOf<N> | 'createdAt' | 'updatedAt' | 'deletedAt' | 'status'>

/** What a field of a new row becomes when it is made without one, for some fields of `N`. */
export type DefaultsOf<N extends string> =
  IsUnknown<N> extends true
    ? Readonly<Record<string, Loose>>
    : { readonly [K in keyof Fields<N>]?: (row: RowExpr<N>) => Expr<Given64<Given<Fields<N>[K]>>> }
