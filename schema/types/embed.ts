import type { FieldCondition } from './comparison.ts'
import type { StoredOf, ValueOf } from './field.ts'

declare const embedded: unique symbol
declare const parts: unique symbol

/** The value of a field that is a value object, by its declared parts. */
export interface Embedded<F> {
  /** Only in types. */
  readonly [embedded]: F
}

/** Parts shared by several value objects under one name; one GraphQL type. */
export interface EmbedType<F> {
  /** Only in types. */
  readonly [parts]: F
}

/** Options of `embed`. */
export interface EmbedOptions<Optional extends boolean> {
  /** The object may be missing as a whole (null). It then needs a required part, which tells whether it is there. */
  readonly optional?: Optional
  /** Accepted when the row is made, never afterwards. */
  readonly readonly?: true
  /** Shown in GraphQL. */
  readonly note?: string
}

/** What a row holds of a value object. */
export type EmbeddedRow<F> = { readonly [K in keyof F]: StoredOf<F[K]> }

/** What a condition may say of a value object: of its parts, or whether it is there. */
export type EmbedTest<F> = {
  readonly [K in keyof F | 'is' | 'isNot']?: K extends keyof F ? FieldCondition<ValueOf<F[K]>> : null
}

/**
 * Path of a part of a value object: `'delivery.city'`. Any two names with a dot: whether there is such a part is told when the app is loaded. To spell the
 * paths out would cost each entity 150 instantiations, value objects or not.
 */
export type PartPath = `${string}.${string}`
