import type { Json } from '#base'
import type { Condition } from './condition.ts'

/**
 * What an app declares, complete and verified: the first narrow waist. Plain, frozen, JSON-serialisable data.
 * It holds no source positions; those stay with the loader, keyed by {@link ModelPath}.
 */
export interface Model {
  readonly version: 1
  /** Name of the app in snake case; prefix of its Postgres roles. */
  readonly app: string
  /** Sorted by name. */
  readonly entities: readonly Entity[]
  /** In order of declaration. */
  readonly roles: readonly Role[]
  readonly actor: Actor | null
  /** One for each entity, sorted by entity. */
  readonly policies: readonly Policy[]
}

/** Addresses a part of the model: `['Order', 'fields', 'number', 'max']`, `['Order', 'policy', 'the title', 'where', 'customer']`. */
export type ModelPath = readonly (string | number)[]

/** A kind of row, with its table. */
export interface Entity {
  /** `OrderLine` */
  readonly name: string
  /** `OrderLines` */
  readonly plural: string
  readonly note: string | null
  /** Name of the field that stands for the row in lists. */
  readonly display: string | null
  /** True when its rows belong to a tenant. */
  readonly tenant: boolean
  /** `order_line`, in schema `app`. */
  readonly table: string
  /** Declared fields in order, then the built-in ones (`id`, `status` if it has a lifecycle, `createdAt`, `updatedAt`, `deletedAt`). */
  readonly fields: readonly Field[]
  readonly relations: readonly Relation[]
  /** Names of fields and to-one relations, from `unique: […]` and from `unique: true`. */
  readonly unique: readonly Unique[]
  readonly indexes: readonly Index[]
  readonly lifecycle: Lifecycle | null
  readonly actions: readonly Action[]
}

/** A column that holds a value of its own. */
export interface Field {
  readonly name: string
  /** `unit_price` */
  readonly column: string
  readonly type: FieldType
  readonly optional: boolean
  /** Accepted when the row is made, never afterwards. */
  readonly readonly: boolean
  /** Made by Rowhouse, not by the author; no caller writes it. */
  readonly builtIn: boolean
  readonly default: Default | null
  readonly note: string | null
}

/** What a text holds; the database checks it. */
export type TextFormat = 'string' | 'text' | 'slug' | 'email' | 'url' | 'phone' | 'timezone'

/** What a field holds, with the limits that the database checks. */
export type FieldType =
  | {
      readonly kind: 'text'
      readonly format: TextFormat
      /** In characters. */
      readonly min: number | null
      /** In characters. */
      readonly max: number | null
      /** A regular expression (source only) that the whole value must match. */
      readonly matches: string | null
      /** Unique without regard to case. */
      readonly ignoreCase: boolean
    }
  | {
      readonly kind: 'choice'
      /** Name of the GraphQL enum: `CustomerRegion`, or the name given to `choiceType`. */
      readonly enum: string
      readonly values: readonly ChoiceValue[]
    }
  | { readonly kind: 'int'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'int64'; readonly min: string | null; readonly max: string | null }
  | { readonly kind: 'float'; readonly min: number | null; readonly max: number | null }
  | {
      readonly kind: 'decimal'
      /** Digits in all. */
      readonly precision: number
      /** Digits behind the point. */
      readonly scale: number
      readonly min: string | null
      readonly max: string | null
    }
  | {
      readonly kind: 'money'
      /** ISO 4217 code when every row has the same, such as `EUR`. */
      readonly currency: string | null
      /** Name of the field that holds the currency. */
      readonly in: string | null
      /** Digits behind the point. */
      readonly scale: number
      /** Stored as a whole number of the smallest unit (bigint) instead of numeric. */
      readonly minor: boolean
      readonly min: string | null
      readonly max: string | null
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'datetime' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | {
      readonly kind: 'duration'
      readonly in: 'seconds' | 'minutes' | 'hours' | 'days'
      readonly min: number | null
      readonly max: number | null
    }
  | { readonly kind: 'uuid' }

/** A value of a choice or a state of a lifecycle. */
export interface ChoiceValue {
  /** As stored and as sent where GraphQL can say it. */
  readonly value: string
  /** Name of the GraphQL enum value: `value` with what GraphQL cannot say replaced by `_`. */
  readonly graphql: string
  readonly label: string | null
  readonly note: string | null
  readonly color: string | null
}

/** What an absent value becomes when a row is made. */
export type Default =
  | { readonly kind: 'value'; readonly value: Json }
  /** The instant of the transaction. */
  | { readonly kind: 'now' }
  /** The day of the transaction, in UTC. */
  | { readonly kind: 'today' }
  /** A random uuid (version 4), or version 7 for `id`. */
  | { readonly kind: 'random' }
  | { readonly kind: 'v7' }
  /** The caller. Only on to-one relations to the actor's entity. */
  | { readonly kind: 'actor' }

/** A way from a row to others. */
export type Relation = ToOne | HasOne | ToMany | Through

/** This row holds the other's id. */
export interface ToOne {
  readonly kind: 'one'
  readonly name: string
  readonly to: string
  /** `customer_id` */
  readonly column: string
  readonly optional: boolean
  readonly readonly: boolean
  readonly onDelete: 'restrict' | 'cascade' | 'setNull'
  /** What the removal of the target does to this row. */
  readonly onRemove: 'restrict' | 'cascade' | 'keep'
  readonly default: Default | null
  readonly note: string | null
  /** Name of the `many` or `hasOne` on the target that says `by` this relation, or null. */
  readonly inverse: string | null
}

/** At most one other row holds this one's id. */
export interface HasOne {
  readonly kind: 'hasOne'
  readonly name: string
  readonly to: string
  /** Name of the to-one on the target. */
  readonly by: string
  readonly note: string | null
}

/** Other rows hold this one's id. */
export interface ToMany {
  readonly kind: 'many'
  readonly name: string
  readonly to: string
  /** Name of the to-one on the target. */
  readonly by: string
  readonly note: string | null
}

/** Many to many by an entity in between. */
export interface Through {
  readonly kind: 'through'
  readonly name: string
  readonly to: string
  /** Name of the entity in between. */
  readonly through: string
  /** Name of its to-one that leads back here. */
  readonly from: string
  /** Name of its to-one that leads to the target. */
  readonly toward: string
  readonly note: string | null
}

/** Values that no two live rows of a tenant share. */
export interface Unique {
  /** Fields and to-one relations, in order. */
  readonly on: readonly string[]
}

/** An index over the live rows of a table. */
export interface Index {
  readonly on: readonly { readonly name: string; readonly descending: boolean }[]
  readonly where: Condition | null
}

/** The states of a row and the ways between them. */
export interface Lifecycle {
  readonly initial: string
  /** The same shape as a choice, so that states become a GraphQL enum: `OrderStatus`. */
  readonly enum: string
  readonly states: readonly ChoiceValue[]
  readonly transitions: readonly Transition[]
}

/** A named way from some states to another. */
export interface Transition {
  readonly name: string
  readonly from: readonly string[]
  readonly to: string
  readonly when: Condition | null
  readonly runs: string | null
  readonly note: string | null
}

/** A named thing that can be done with a row. */
export interface Action {
  readonly name: string
  readonly input: readonly Field[]
  readonly runs: string
  readonly note: string | null
}

/** A role of the app, such as `sales`. */
export interface Role {
  readonly name: string
  readonly note: string | null
  /** Roles whose rules hold for this one too. */
  readonly includes: readonly string[]
}

/** Who is asking. */
export interface Actor {
  /** Entity whose rows are people: `User`. */
  readonly entity: string
  readonly values: readonly ActorValue[]
}

/** Something that is known about the caller. */
export type ActorValue =
  /** Rows of `to` that a live row of `via` links to the caller, now. A set of ids. */
  | {
      readonly kind: 'reach'
      readonly name: string
      readonly to: string
      readonly via: string
      /** To-one of `via` that is the caller. */
      readonly as: string
      /** To-one of `via` that is the reached row. */
      readonly toward: string
      readonly where: Condition | null
    }
  /** A value of the token, as old as the token. */
  | { readonly kind: 'claim'; readonly name: string; readonly type: FieldType }

/** All rules of one entity. */
export interface Policy {
  readonly entity: string
  /** In order of declaration; the order means nothing. */
  readonly rules: readonly Rule[]
}

/** One sentence of a policy. */
export interface Rule {
  /** Unique within the entity. */
  readonly title: string
  readonly effect: 'allow' | 'deny'
  readonly audience: Audience
  /** `read`, `create`, `update`, `remove`, `restore`, `delete`, transitions and actions; `'anything'` means all, later ones too. */
  readonly verbs: 'anything' | readonly string[]
  /** The row as it is; for `create` the new row. Null: every row. */
  readonly where: Condition | null
  /** The row as an update would leave it. Null: the same as `where`. */
  readonly becoming: Condition | 'anything' | null
  /** Deny only: where the denial does not hold. */
  readonly unless: Condition | null
  /** Names of fields and to-one relations that the rule covers. Null: all. `except` is turned into this. */
  readonly fields: readonly string[] | null
  readonly because: string | null
}

/** Whom a rule speaks of. */
export type Audience =
  /** Visitors too. */
  | { readonly kind: 'everyone' }
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'roles'; readonly roles: readonly string[] }
