import type { EntityName, IsUnknown, TypedRow } from '#schema'

/** A value as code in a script has it: exact numbers, days, instants, binary data and ids are texts. */
export type Plain<T> = [T] extends [string | number | boolean | null]
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends string | number | boolean | null
      ? T
      : T extends Date
        ? string
        : T extends { readonly from: unknown; readonly to: unknown }
          ? { readonly from: string | null; readonly to: string | null }
          : keyof T extends symbol
            ? string
            : { readonly [K in keyof T]: Plain<T[K]> }

/** Values by name. */
export type PlainOf<T> = { readonly [K in keyof T]: Plain<T[K]> }

/** A row of entity `N` in a script; loose until the registry knows the entity. */
export type ScriptRow<N extends EntityName> = [EntityName] extends [N]
  ? LooseRow
  : IsUnknown<N> extends true
    ? LooseRow
    : PlainOf<TypedRow<N>>

// biome-ignore lint/suspicious/noExplicitAny: loose instead of wrong until the registry is generated
type LooseRow = any
