declare const holds: unique symbol

/** A field whose values are `T`, or `T | null` when it is optional. */
export interface Field<T, Optional extends boolean = boolean> {
  /** Only in types. */
  readonly [holds]: readonly [value: T, optional: Optional]
}

/** Any field at all. */
// biome-ignore lint/suspicious/noExplicitAny: stands for every value
export type AnyField = Field<any, any>

/** `T` of a field, without null. */
export type ValueOf<X> = X extends Field<infer T, boolean> ? T : never

/** What a row holds: `T`, or `T | null`. */
export type StoredOf<X> = X extends Field<infer T, infer Optional> ? (true extends Optional ? T | null : T) : never
