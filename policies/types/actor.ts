import type {
  ActorRef,
  EntityName,
  Id,
  OnesTo,
  OnesWayTo,
  OwnName,
  OwnValueOf,
  TypedField,
  WayTo,
  Where,
} from '#schema'

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

declare const owned: unique symbol

/** A field or to-one relation of the caller's own row, now. */
export interface Own<T> {
  /** Only in types. */
  readonly [owned]: T
}

/** The words for what is known of a caller who is a row of `U`. */
export interface Words<U extends string> {
  /** The rows of `to` that a live row of `via` links to the caller. Its one to-one relation to `to` is found by itself; of several `to` names one. */
  reach<const N extends EntityName, const V extends EntityName>(
    to: N,
    options: ReachOptions<U, V> & Onward<N, V>,
  ): Reach<N>
  /** A value of the caller's token, written as a field: `claim(choice(['eu', 'us']))`. */
  claim<T>(field: TypedField<T, boolean>): Claim<T>
  /** A field or to-one relation of the caller's own row, as it is now: `own('rank')`. */
  own<const K extends OwnName<U>>(field: K): Own<OwnValueOf<U, K>>
}

/** How rows are reached. */
export interface ReachOptions<U extends string, V extends string> {
  /** The entity in between: it leads to the caller and to what is reached. */
  readonly via: V
  /** Its to-one relation that is the caller, or a way there over at most three relations: `team.members.user`. */
  readonly as: Linking<U, V>
  /** Only links of which this holds. */
  readonly where?: Where<V>
  /** A relation up or down the tree of what is reached: all that it leads to is reached too. */
  readonly then?: string
}

/** What leads to the rows that are reached: needed where no to-one relation does. */
type Onward<N extends string, V extends string> = [OnesTo<V, N>] extends [never]
  ? Required<ReachTarget<N, V>>
  : ReachTarget<N, V>

/** What leads to the rows that are reached. */
export interface ReachTarget<N extends string, V extends string> {
  /** Where it is not the one to-one relation: one by name, a way over two (`project.team`), or `id` for the row of `via` itself. */
  readonly to?: OnesWayTo<V, N>
}

/** Ways that can be the caller, or a sentence for the author where `V` leads nowhere. */
type Linking<U extends string, V extends string> = [WayTo<V, U>] extends [never]
  ? `"${V}" leads to no "${U}"`
  : WayTo<V, U>

/** What can be known of a caller, by name. */
export type ActorValues = Readonly<Record<string, Reach<string> | Claim<unknown> | Own<unknown>>>

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
      : D[K] extends Own<infer T>
        ? ActorRef<T>
        : never
}
