import type { StoredOf } from './field.ts'
import type { AllFieldsOf, OnesOf, RelationsOf } from './parts.ts'
import type { One } from './relation.ts'
import type { Id } from './values.ts'

/** A row of entity `N` as code sees it: `row.id`, `row.number`, `row.customerId`. */
export type Row<N extends string> = { readonly id: Id<N> } & {
  readonly [K in keyof AllFieldsOf<N>]: StoredOf<AllFieldsOf<N>[K]>
} & { readonly [K in OnesOf<N> as `${K}Id`]: TargetId<RelationsOf<N>[K & keyof RelationsOf<N>]> }

type TargetId<X> = X extends One<infer N, infer Optional> ? (true extends Optional ? Id<N> | null : Id<N>) : never
