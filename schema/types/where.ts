import type { ActorRef, FieldCondition } from './comparison.ts'
import type { CallerFacts, RequestFacts, TenantFacts } from './facts.ts'
import type { Field } from './field.ts'
import type { AllFieldsOf, IsUnknown, RelationsOf, VerbOf } from './parts.ts'
import type { HasOne, Many, One, OneOf } from './relation.ts'
import type { Id } from './values.ts'

declare const conditionOf: unique symbol
declare const asked: unique symbol
declare const unknown: unique symbol

/** What `condition(Customer, …)` gives back: stands wherever a condition on a `N` may stand. */
export interface NamedCondition<N extends string> {
  /** Only in types. */
  readonly [conditionOf]: N
}

/** What `may('read')` gives back: stands for a condition on a related row that has the verb. */
export interface MayCondition<Verb extends string> {
  /** Only in types. */
  readonly [asked]: Verb
}

/** A condition on a row of `N`. Keys side by side mean and. */
export type Where<N extends string> = Words<N> & { readonly [K in keyof Members<N>]?: ConditionOn<Members<N>[K]> }

/** What every condition knows. */
interface Words<N extends string> {
  /** At least one of them holds. */
  readonly anyOf?: readonly Where<N>[]
  /** Each of them holds. */
  readonly allOf?: readonly Where<N>[]
  /** It does not hold. */
  readonly not?: Where<N>
  /** The row itself. */
  readonly id?: IdCondition<N>
  /** What is known of the caller. */
  readonly actor?: CallerFacts
  /** What is known of the request. */
  readonly request?: RequestFacts
  /** What holds of the row that is the tenant. */
  readonly tenant?: TenantFacts
  /** Only in types. */
  readonly [conditionOf]?: N
  /** Only in types. */
  readonly [asked]?: VerbOf<N>
}

/** Fields and relations of an entity, by name. */
type Members<N> = IsUnknown<N> extends true ? AnyMembers : AllFieldsOf<N> & Declared<RelationsOf<N>>

/** Nothing of an entity that declares none. */
type Declared<R> = string extends keyof R ? unknown : R

/** Loose instead of wrong until the registry is generated. */
interface AnyMembers {
  readonly [name: string]: Anything
}

interface Anything {
  /** Only in types. */
  readonly [unknown]: true
}

type ConditionOn<X> =
  X extends Field<infer T, boolean>
    ? FieldCondition<T>
    : X extends One<infer N, boolean>
      ? ToOneCondition<N>
      : X extends Many<infer N>
        ? ManyTest<N>
        : X extends OneOf<infer Targets>
          ? OneOfCondition<Targets>
          : X extends HasOne<infer N>
            ? Where<N> | ManyTest<N> | null
            : X extends Anything
              ? // biome-ignore lint/suspicious/noExplicitAny: see `AnyMembers`
                any
              : never

/** How many of the related rows meet a condition; several tests all hold. */
export interface ManyTest<N extends string> {
  /** At least one of them does. */
  readonly some?: Where<N>
  /** Not a single one does. */
  readonly none?: Where<N>
  /** Each of them does, also where there are none at all. */
  readonly every?: Where<N>
  /** `true`: there are none; `false`: there is at least one. */
  readonly empty?: boolean
}

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
  /** Of trees: it is one of the rows, or anywhere below one of them. */
  readonly within?: Id<N> | readonly Id<N>[] | ActorRef<Id<N>> | ActorRef<readonly Id<N>[]>
}

/** The target of a to-one relation: a condition on it, its id, or null where there is none. */
export type ToOneCondition<N extends string> = Where<N> | IdCondition<N> | null

/** A target of `oneOf`: by its entity a condition on it or its id; null where there is none. */
export type OneOfCondition<Targets extends string> =
  | { readonly [M in Targets]?: ToOneCondition<M> }
  | { readonly is?: null; readonly isNot?: null }
  | null
