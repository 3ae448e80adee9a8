import type { PartPath } from './embed.ts'
import type { AnyField, Field, ValueOf } from './field.ts'
import type { Entities } from './registry.ts'
import type { AnyRelation, HasOne, HeldIn, Many, One, OnesIn } from './relation.ts'
import type { Id } from './values.ts'

declare const parts: unique symbol

/** What `entity` gives back. Everything else about it is looked up by its name. */
export interface Entity<N extends string, F, R, S extends string, T extends string, A, C> {
  readonly name: N
  /** Only in types. */
  readonly [parts]: EntityParts<F, R, S, T, A, C>
}

interface EntityParts<F, R, S extends string, T extends string, A, C> {
  readonly fields: F
  readonly relations: R
  readonly states: S
  readonly transitions: T
  readonly actions: A
  readonly computed: C
  /** Fields and computed fields. */
  readonly values: F & C
}

/** Any entity, taken for its name alone, so that completion stays quick in large apps. */
export interface Named<N extends string> {
  readonly name: N
  readonly [parts]: unknown
}

/** True until the generated registry knows the entity. */
export type IsUnknown<N> = N extends keyof Entities ? false : true

type Part<N, P extends keyof EntityParts<unknown, unknown, string, string, unknown, unknown>> = N extends keyof Entities
  ? Entities[N] extends { readonly [parts]: { readonly [_ in P]: infer X } }
    ? X
    : never
  : never

/** Declared fields of an entity, by name. */
export type FieldsOf<N> = Part<N, 'fields'>

/** Computed fields of an entity, by name. */
export type ComputedOf<N> = Part<N, 'computed'>

/** Relations of an entity, by name. */
export type RelationsOf<N> = Part<N, 'relations'>

/** States of an entity's lifecycle; never without one. */
export type StatusOf<N> = Part<N, 'states'>

/** Fields that every entity has. */
export interface BuiltInFields {
  readonly createdAt: Field<Date, false>
  readonly updatedAt: Field<Date, false>
  readonly deletedAt: Field<Date, true>
}

/** `status`, where there are states. */
export type StatusField<S> = [S] extends [never] ? unknown : { readonly status: Field<S, false> }

/** Declared, computed and built-in fields of an entity, `id` aside. */
export type AllFieldsOf<N> = Part<N, 'values'> & StatusField<StatusOf<N>> & BuiltInFields

/** Names of an entity's to-one relations. */
export type OnesOf<N> = OnesIn<RelationsOf<N>>

/** Names of an entity's to-one relations that lead to `M`. */
export type OnesTo<N, M> = IsUnknown<N> extends true ? string : OnesLeadingTo<RelationsOf<N>, M>

/** Names of what a row says of itself: declared fields with a single value, and to-one relations. */
export type OwnName<N> = IsUnknown<N> extends true ? string : (keyof FieldsOf<N> & string) | OnesIn<RelationsOf<N>>

/** The value of one of them; of a to-one relation the id of its target. */
export type OwnValueOf<N, K> = K extends keyof FieldsOf<N>
  ? ValueOf<FieldsOf<N>[K]>
  : K extends keyof RelationsOf<N>
    ? RelationsOf<N>[K] extends One<infer To, boolean>
      ? Id<To>
      : never
    : // biome-ignore lint/suspicious/noExplicitAny: loose instead of wrong until the registry is generated
      any

/** Ways from a row of `V` to one of `M` over at most three relations: `team.members.user`. */
export type WayTo<V, M> = IsUnknown<V> extends true ? string : WayIn<RelationsOf<V>, M, 1 | 2>

type WayIn<R, M, Left> = {
  [K in keyof R & string]:
    | ([TargetOf<R[K]>] extends [M] ? K : never)
    | (1 extends Left ? `${K}.${WayIn<RelationsOf<TargetOf<R[K]>>, M, 2 extends Left ? 1 : never>}` : never)
}[keyof R & string]

/** Ways over one or two to-one relations; `id` for the row itself. */
export type OnesWayTo<V, M> =
  IsUnknown<V> extends true ? string : OnesTo<V, M> | ([V] extends [M] ? 'id' : never) | OnesWayIn<RelationsOf<V>, M>

type OnesWayIn<R, M> = {
  [K in OnesIn<R>]: R[K] extends One<infer To, boolean> ? `${K}.${OnesLeadingTo<RelationsOf<To>, M>}` : never
}[OnesIn<R>]

type TargetOf<X> = X extends One<infer To, boolean> | HasOne<infer To> | Many<infer To, boolean> ? To : never

type OnesLeadingTo<R, M> = {
  [K in keyof R]: R[K] extends One<infer To, boolean> ? ([To] extends [M] ? K : never) : never
}[keyof R] &
  string

/** What a rule can cover of an entity: its declared fields, parts of value objects, to-one relations and links. */
export type CoverableName<N> =
  IsUnknown<N> extends true ? string : ((keyof FieldsOf<N> | HeldIn<RelationsOf<N>>) & string) | PartPath

/** Everything that can be asked of a row. */
export type VerbOf<N> =
  IsUnknown<N> extends true ? string : BasicVerb | Part<N, 'transitions'> | (keyof Part<N, 'actions'> & string)

/** Verbs of every entity. */
export type BasicVerb = 'read' | 'create' | 'update' | 'remove' | 'restore' | 'delete'

/** Names of an entity's actions. */
export type ActionOf<N> = IsUnknown<N> extends true ? string : keyof Part<N, 'actions'> & string

/** What an action takes: fields, by name. */
export type ActionInputOf<N, V> = V extends keyof Part<N, 'actions'> ? Part<N, 'actions'>[V] : unknown

/** Any fields at all. */
export type AnyFields = Readonly<Record<string, AnyField>>

/** Any relations at all. */
export type AnyRelations = Readonly<Record<string, AnyRelation>>
