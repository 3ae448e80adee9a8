import type { Ui } from './field-options.ts'
import type { EntityName } from './names.ts'

declare const kind: unique symbol
declare const target: unique symbol
declare const orNull: unique symbol
declare const held: unique symbol

/** This row holds the id of a row of `N`. */
export interface One<N extends string, Optional extends boolean = boolean> {
  /** Only in types. */
  readonly [held]: true
  /** Only in types. */
  readonly [kind]: 'one'
  /** Only in types. */
  readonly [target]: N
  /** Only in types. */
  readonly [orNull]: Optional
}

/** At most one row of `N` holds this row's id. */
export interface HasOne<N extends string> {
  /** Only in types. */
  readonly [kind]: 'hasOne'
  /** Only in types. */
  readonly [target]: N
}

/** Many rows of `N`. */
export interface Many<N extends string, Linked extends boolean = boolean> {
  /** Only in types. */
  readonly [kind]: 'many'
  /** Only in types. */
  readonly [target]: N
  /** Only in types: `true` on the side that says `link: true`. */
  readonly [held]: Linked
}

/** A row of one of the entities `N`. */
export interface OneOf<N extends string, Optional extends boolean = boolean> {
  /** Only in types. */
  readonly [held]: true
  /** Only in types. */
  readonly [kind]: 'oneOf'
  /** Only in types. */
  readonly [target]: N
  /** Only in types. */
  readonly [orNull]: Optional
}

/** Any relation at all. */
export interface AnyRelation {
  /** Only in types. */
  readonly [kind]: unknown
}

/** Options of `one`. */
export interface OneOptions<Optional extends boolean> {
  /** There may be no target. Relations are required by default. */
  readonly optional?: Optional
  /** No two live rows share the target. */
  readonly unique?: true
  /** To-one relations are indexed anyhow. */
  readonly index?: true
  /** Accepted when the row is made, never afterwards. */
  readonly readonly?: true
  /** Shown in GraphQL. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  /** Name of the column where it is not the relation's own with `_id`. */
  readonly column?: string
  /** When the target is deleted for good. Default: `restrict`; `setNull` only where the relation is optional. */
  readonly onDelete?: OnDelete<Optional>
  /** When the target is removed. Default: `restrict`, or `keep` where the relation is optional. */
  readonly onRemove?: 'restrict' | 'cascade' | 'keep'
  /** Whoever makes the row. */
  readonly default?: 'actor'
  /** Path of to-one relations of this row: its end and the target's relation of the same name are one row, `order.company`. */
  readonly same?: string
}

type OnDelete<Optional> = 'restrict' | 'cascade' | (true extends Optional ? 'setNull' : never)

/** Options of `hasOne`. */
export interface HasOneOptions {
  /** Name of the target's to-one relation that leads here. */
  readonly by: string
  /** Shown in GraphQL. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
}

/** Options of `many` where the target holds this row's id. */
export interface ManyByOptions {
  /** Name of the target's to-one relation that leads here. */
  readonly by: string
  /** Shown in GraphQL. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  readonly through?: never
  readonly from?: never
  readonly to?: never
  readonly link?: never
  readonly linkTable?: never
  readonly up?: never
  readonly down?: never
}

/** Options of `many` where an entity stands in between. */
export interface ManyThroughOptions {
  /** The entity in between: it has a to-one relation to each side. */
  readonly through: EntityName
  /** Name of its to-one relation that leads here; needed where there are several. */
  readonly from?: string
  /** Name of its to-one relation that leads to the target; needed where there are several. */
  readonly to?: string
  /** Shown in GraphQL. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  readonly by?: never
  readonly link?: never
  readonly linkTable?: never
  readonly up?: never
  readonly down?: never
}

/** Options of `many` where nothing but the two rows is to be known: the table in between is made for you. */
export interface ManyLinkOptions<Linked extends true> {
  /** On one side; the other side says `by` the name of this relation. */
  readonly link: Linked
  /** Name of the table in between, where two entities are linked in several ways. Default: `order__tag__link`. */
  readonly linkTable?: string
  /** Shown in GraphQL. */
  readonly note?: string
  readonly by?: never
  readonly through?: never
  readonly from?: never
  readonly to?: never
  readonly up?: never
  readonly down?: never
}

/** Options of `many` up the tree of its entity. The row itself is one of them. */
export interface ManyUpOptions {
  /** All rows from this one to the root: the name of the to-one relation that the entity calls its `tree`. */
  readonly up: string
  readonly down?: never
  /** Shown in interfaces. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  readonly by?: never
  readonly through?: never
  readonly from?: never
  readonly to?: never
  readonly link?: never
  readonly linkTable?: never
}

/** Options of `many` down the tree of its entity. The row itself is one of them. */
export interface ManyDownOptions {
  /** This row and all below it: the name of the to-one relation that the entity calls its `tree`. */
  readonly down: string
  readonly up?: never
  /** Shown in interfaces. */
  readonly note?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** How interfaces call it, when the name will not do. */
  readonly label?: string
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  readonly by?: never
  readonly through?: never
  readonly from?: never
  readonly to?: never
  readonly link?: never
  readonly linkTable?: never
}

/** Options of `oneOf`. */
export interface OneOfOptions<Optional extends boolean> {
  /** There may be no target. Relations are required by default. */
  readonly optional?: Optional
  /** Accepted when the row is made, never afterwards. */
  readonly readonly?: true
  /** Shown in GraphQL. */
  readonly note?: string
  /** When the target is deleted for good. Default: `restrict`; `setNull` only where the relation is optional. */
  readonly onDelete?: OnDelete<Optional>
  /** When the target is removed. Default: `restrict`, or `keep` where the relation is optional. */
  readonly onRemove?: 'restrict' | 'cascade' | 'keep'
}

/** Any to-one relation. */
export type AnyOne = One<string, boolean>

/** Names of the to-one relations among `R`. */
export type OnesIn<R> = { [K in keyof R]: R[K] extends AnyOne ? K : never }[keyof R] & string

interface Held {
  readonly [held]: true
}

/** Names among `R` of what a row itself holds or links to, so that a rule can cover it: to-ones, one of several, links. */
export type HeldIn<R> = { [K in keyof R]: R[K] extends Held ? K : never }[keyof R] & string
