import type { ActorRef, FieldCondition } from './comparison.ts'
import type { ValueOf } from './field.ts'
import type { AllFieldsOf, IsUnknown, RelationsOf } from './parts.ts'
import type { HeldIn, One, OneOf } from './relation.ts'
import type { Id } from './values.ts'

declare const conditionOf: unique symbol

/** What `condition(Customer, …)` gives back: stands wherever a condition on a `N` may stand. */
export interface NamedCondition<N extends string> {
  /** Only in types. */
  readonly [conditionOf]: N
}

/** A condition on a row of `N`. Keys side by side mean and. */
export type Where<N extends string> = {
  readonly [K in Key<N>]?: K extends 'anyOf' | 'allOf'
    ? readonly Where<N>[]
    : K extends 'not'
      ? Where<N>
      : K extends typeof conditionOf
        ? N
        : ConditionAt<N, K>
}

type Key<N> = 'anyOf' | 'allOf' | 'not' | typeof conditionOf | (IsUnknown<N> extends true ? string : KnownKey<N>)
type KnownKey<N> = 'id' | keyof AllFieldsOf<N> | HeldIn<RelationsOf<N>>

type ConditionAt<N extends string, K> =
  IsUnknown<N> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: loose instead of wrong until the registry is generated
      any
    : K extends 'id'
      ? IdCondition<N>
      : K extends keyof AllFieldsOf<N>
        ? FieldCondition<ValueOf<AllFieldsOf<N>[K]>>
        : K extends keyof RelationsOf<N>
          ? RelationCondition<RelationsOf<N>[K]>
          : never

type RelationCondition<X> =
  X extends One<infer N, boolean> ? ToOneCondition<N> : X extends OneOf<infer Targets> ? OneOfCondition<Targets> : never

/** A row of `N`: one id, the caller's set of ids, or tests. */
export type IdCondition<N extends string> = Id<N> | ActorRef<Id<N>> | ActorRef<readonly Id<N>[]> | IdTest<N>

/** Compares the id of a row of `N`. */
export interface IdTest<N extends string> {
  /** It is this row. */
  readonly is?: Id<N> | ActorRef<Id<N>> | null
  /** It is another row. */
  readonly isNot?: Id<N> | ActorRef<Id<N>> | null
  /** It is one of the rows, or of the caller's. */
  readonly in?: readonly Id<N>[] | ActorRef<readonly Id<N>[]>
  /** It is none of the rows, or none of the caller's. */
  readonly notIn?: readonly Id<N>[] | ActorRef<readonly Id<N>[]>
}

/** The target of a to-one relation: a condition on it, its id, or null where there is none. */
export type ToOneCondition<N extends string> = Where<N> | IdCondition<N> | null

/** A target of `oneOf`: by its entity a condition on it or its id; null where there is none. */
export type OneOfCondition<Targets extends string> =
  | { readonly [M in Targets]?: ToOneCondition<M> }
  | { readonly is?: null; readonly isNot?: null }
  | null
