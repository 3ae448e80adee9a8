import type { Field } from './field.ts'
import type { ActionInputOf, IsUnknown } from './parts.ts'
import type { Branded } from './values.ts'

/** A value as code meets it: numbers of any size, days and instants are texts. */
export type CodeValue<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer I)[]
    ? readonly CodeValue<I>[]
    : T extends bigint | Date | Branded
      ? string
      : unknown

/** What an action is given, by the names of its inputs; those left out are null or their default. */
export type ActionInput<N, V> =
  IsUnknown<N> extends true ? Readonly<Record<string, unknown>> : CodeFields<ActionInputOf<N, V>>

/** Values by the names of their fields. */
export type CodeFields<F> = {
  readonly [K in keyof F]: F[K] extends Field<infer T, infer Optional>
    ? true extends Optional
      ? CodeValue<T> | null
      : CodeValue<T>
    : unknown
}
