import type { Embedded, EmbedTest } from './embed.ts'
import type { Field } from './field.ts'
import type { PeriodTest } from './period.ts'
import type { Branded, Bytes, Clock, Day, Decimal, Literal, Money, Period } from './values.ts'

declare const stands: unique symbol

/** A value that is known when the rule is asked, such as `actor.id`, `row('owner')` or `now`: stands for a `T`. */
export interface ActorRef<T> {
  /** Only in types. */
  readonly [stands]: T
}

declare const named: unique symbol
declare const level: unique symbol
declare const before: unique symbol

/** A field of a row with the fields `All` that holds a `T` as well. Worked out only where `row(…)` is written: the names cost. */
export interface RowOf<All, T> {
  /** Only in types. */
  readonly [named]: {
    [K in keyof All]: All[K] extends Field<infer U, boolean> ? ([U, T] extends [T, U] ? K : never) : never
  }[keyof All]
}

/** Any value that is known when the rule is asked. Its type is looked at when the app is loaded: to spell names and paths out costs too much. */
interface AnyRef {
  /** Only in types. */
  readonly [stands]: never
}

/** A value of the row that the rule is about, such as `row('wantedOn')` or `row('customer.owner')`. */
export interface RowRef<Name extends string> extends AnyRef {
  /** Only in types. */
  readonly [named]: Name
}

/** A value of the row at this level, such as `its('limit')`. */
export interface ItsRef extends AnyRef {
  /** Only in types. */
  readonly [level]: true
}

/** A value of the row before the change, such as `was('price')`. */
export interface WasRef extends AnyRef {
  /** Only in types. */
  readonly [before]: true
}

/** Compares a field for which nothing but equality makes sense. */
export interface EqualityTest<T> {
  /** It is the value; `null`: there is none. */
  readonly is?: Literal<T> | ActorRef<T> | null
  /** It is another value, or there is none; `null`: there is one. */
  readonly isNot?: Literal<T> | ActorRef<T> | null
  /** It is one of the values. */
  readonly in?: readonly Literal<T>[]
  /** It is none of the values, or there is none. */
  readonly notIn?: readonly Literal<T>[]
}

/** Compares a number or an amount. */
export interface OrderTest<T> extends EqualityTest<T> {
  /** < */
  readonly under?: Literal<T> | ActorRef<T>
  /** <= */
  readonly atMost?: Literal<T> | ActorRef<T>
  /** > */
  readonly over?: Literal<T> | ActorRef<T>
  /** >= */
  readonly atLeast?: Literal<T> | ActorRef<T>
}

/** Compares a day, an instant or a time of day. */
export interface TimeTest<T> extends OrderTest<T> {
  /** Earlier; the same as `under`. */
  readonly before?: Literal<T> | ActorRef<T>
  /** Later; the same as `over`. */
  readonly after?: Literal<T> | ActorRef<T>
}

/** Compares a text; upper and lower case differ. */
export interface TextTest extends EqualityTest<string> {
  /** It begins with the text. */
  readonly startsWith?: string | ActorRef<string>
  /** The text is part of it. */
  readonly contains?: string | ActorRef<string>
  /** It ends with the text. */
  readonly endsWith?: string | ActorRef<string>
}

/** Of a value with parts: whether there is one. */
export interface PresenceTest {
  /** `null`: there is none. */
  readonly is?: null
  /** `null`: there is one. */
  readonly isNot?: null
}

/** Of a value with elements: also whether there are any. */
export interface EmptyTest extends PresenceTest {
  /** `true`: it has no elements; `false`: it has some. */
  readonly empty?: boolean
}

/** Looks for elements of a list. */
export interface ListTest<I> extends EmptyTest {
  /** It is one of the elements. */
  readonly has?: Literal<I> | ActorRef<I>
  /** At least one of them is among the elements. */
  readonly hasAny?: readonly Literal<I>[]
  /** All of them are among the elements. */
  readonly hasAll?: readonly Literal<I>[]
}

type Scalar = string | number | bigint | boolean | Date | Branded

type StructureTest<T> = [T] extends [readonly (infer I)[]]
  ? [I] extends [Bytes]
    ? EmptyTest
    : [I] extends [Scalar]
      ? ListTest<I>
      : EmptyTest
  : [T] extends [Bytes]
    ? EmptyTest
    : string extends keyof T
      ? EmptyTest
      : PresenceTest

/** Comparisons that a field of type `T` knows. */
export type Tests<T> = [T] extends [object]
  ? ObjectTests<T>
  : [T] extends [number | bigint]
    ? OrderTest<T>
    : string extends T
      ? TextTest
      : EqualityTest<T>

type ObjectTests<T> = [T] extends [Day | Clock | Date]
  ? TimeTest<T>
  : [T] extends [Money | Decimal]
    ? OrderTest<T>
    : [T] extends [Embedded<infer F>]
      ? EmbedTest<F>
      : [T] extends [Period<infer I>]
        ? PeriodTest<I>
        : StructureTest<T>

/** What a condition may say of a field: a value, null, a value of the caller, or tests (all of them hold). */
export type FieldCondition<T> = Literal<T> | ActorRef<T> | null | Tests<T>
