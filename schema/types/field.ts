import type { Embedded, EmbeddedRow } from './embed.ts'

declare const holds: unique symbol
declare const orNull: unique symbol

/** A field whose values are `T`, or `T | null` when it is optional. */
export interface Field<T, Optional extends boolean = boolean> {
  /** Only in types. */
  readonly [holds]: T
  /** Only in types. */
  readonly [orNull]: Optional
}

/** Any field at all. No `Field<any, any>`: builders would take their `Optional` from it. */
export interface AnyField {
  /** Only in types. */
  readonly [holds]: unknown
}

/** `T` of a field, without null. */
export type ValueOf<X> = X extends Field<infer T, boolean> ? T : never

/** What a row holds: `T`, or `T | null`. */
export type StoredOf<X> =
  X extends Field<infer T, infer Optional> ? (true extends Optional ? Shape<T> | null : Shape<T>) : never

type Shape<T> = T extends Embedded<infer F> ? EmbeddedRow<F> : T
