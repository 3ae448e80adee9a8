import type { ActorRef, EntityName, Id, OnesTo, TypedField, Where } from '#schema'

declare const reached: unique symbol
declare const claimed: unique symbol

/** Rows of `N` that the caller is linked to, now. */
export interface Reach<N extends string> {
  /** Only in types. */
  readonly [reached]: N
}

/** A value of the caller's token, as old as the token. */
export interface Claim<T> {
  /** Only in types. */
  readonly [claimed]: T
}

/** The words for what is known of a caller who is a row of `U`. */
export interface Words<U extends string> {
  /** The rows of `to` that a live row of `via` links to the caller. Its one to-one relation to `to` is found by itself. */
  reach<const N extends EntityName, const V extends EntityName>(to: N, options: ReachOptions<U, N, V>): Reach<N>
  /** A value of the caller's token, written as a field: `claim(choice(['eu', 'us']))`. */
  claim<T>(field: TypedField<T, boolean>): Claim<T>
}

/** How rows are reached. */
export interface ReachOptions<U extends string, N extends string, V extends string> {
  /** The entity in between: it has a to-one relation to the caller and one to what is reached. */
  readonly via: V
  /** Its to-one relation that is the caller. */
  readonly as: Linking<U, N, V>
  /** Only links of which this holds. */
  readonly where?: Where<V>
}

/** Names of the to-one relations that can be the caller, or a sentence for the author where `V` leads nowhere. */
type Linking<U extends string, N extends string, V extends string> = [OnesTo<V, N>] extends [never]
  ? `"${V}" has no to-one relation to "${N}"`
  : OnesTo<V, U>

/** What can be known of a caller, by name. */
export type ActorValues = Readonly<Record<string, Reach<string> | Claim<unknown>>>

/** A sentence for the author under each name that the actor has anyhow. */
export type FreeNames<D> = {
  readonly [K in keyof D & ('id' | 'of' | 'values' | 'at')]: 'The actor has this name already.'
}

/** The caller in conditions: `actor.id` and each value. */
export type Actor<U extends string, D> = { readonly id: ActorRef<Id<U>> } & {
  readonly [K in keyof D]: D[K] extends Reach<infer N extends string>
    ? ActorRef<readonly Id<N>[]>
    : D[K] extends Claim<infer T>
      ? ActorRef<T>
      : never
}
