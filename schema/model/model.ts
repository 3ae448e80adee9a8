import type { Json } from '#base'
import type { Condition, Operand } from './condition.ts'
import type { Expression } from './expression.ts'
import type { Hook } from './hooks.ts'

/**
 * What an app declares, complete and verified: the first narrow waist. Plain, frozen, JSON-serialisable data.
 * It holds no source positions; those stay with the loader, keyed by {@link ModelPath}.
 */
export interface Model {
  /** Of this form. */
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
  /** What can be done with the app as a whole, in order of declaration. Left out: nothing. */
  readonly actions?: readonly AppAction[]
  /** What is done when something happened to a row, sorted by name. Left out: nothing. */
  readonly subscribers?: readonly Subscriber[]
}

/** What is done when something happened to a row. */
export interface Subscriber {
  /** Path of its file in the app, without its ending: `subscribers/tell-accounting`. */
  readonly name: string
  /** `Order.approved`, sorted. */
  readonly on: readonly string[]
  /** How often an event is handed over before it is given up. */
  readonly attempts: number
}

/** Addresses a part of the model: `['Order', 'fields', 'number', 'max']`, `['Order', 'policy', 'the title', 'where', 'customer']`. */
export type ModelPath = readonly (string | number)[]

/** A kind of row, with its table. */
export interface Entity extends Shown {
  /** In singular: `OrderLine`. */
  readonly name: string
  /** What lists of it are called: `OrderLines`. */
  readonly plural: string
  /** Name of the field or computed field that stands for the row in lists. */
  readonly display: string | null
  readonly tenancy: Tenancy
  readonly source: Source
  /** Schema of its table: `app`, unless the table was there before. */
  readonly schema: string
  /** Name of its table: `order_line`. */
  readonly table: string
  /** What identifies a row: `['id']`, or fields and to-one relations of the author's (natural keys). */
  readonly key: readonly string[]
  /**
   * Declared fields in order, then the built-in ones (`id`, `status` if it has a lifecycle, `createdAt`, `updatedAt`, `deletedAt`).
   * Entities over existing tables may lack built-in ones; without `deletedAt` there is no `remove` and no `restore`.
   */
  readonly fields: readonly Field[]
  /** Values that follow from others, in order of declaration. */
  readonly computed: readonly Computed[]
  /** Ways to other rows, in order of declaration. */
  readonly relations: readonly Relation[]
  /** Names of fields and to-one relations, from `unique: […]` and from `unique: true`. */
  readonly unique: readonly Unique[]
  /** Those of single fields first. */
  readonly indexes: readonly Index[]
  /** Periods that exclude each other. */
  readonly noOverlap: readonly NoOverlap[]
  /** What always holds of a row. */
  readonly rules: readonly EntityRule[]
  readonly lifecycle: Lifecycle | null
  /** What can be done with a row besides changing it. */
  readonly actions: readonly Action[]
  /** Order of lists that ask for none; the key breaks ties. Empty: by key. */
  readonly sort: readonly SortKey[]
  /** Name of the to-one relation to the same entity that makes the rows a tree. */
  readonly tree: string | null
  /** Rows are made and read, never changed: no update, no remove, no restore. */
  readonly immutable: boolean
  /** Name of the instant after which a row is gone from every read. */
  readonly expires: string | null
  /** Texts by whose words rows are looked for; null: they are not. */
  readonly search: Search | null
  /** Every change of a row is kept, in the entity that is called `<name>History`. */
  readonly history: boolean
  /** Which of {@link eventNames} are written down when they happen, in that order. Left out: none. */
  readonly events?: readonly string[]
  /** Code that runs beside changes of rows, in the order in which it comes; left out: none. */
  readonly hooks?: readonly Hook[]
  /** Set on the entity that `history: true` makes: the one whose changes its rows are. */
  readonly historyOf: string | null
  /** Set on the entity in between that `many(…, { link: true })` makes. */
  readonly link: LinkSide | null
}

/**
 * Whose the rows are. `own`: each belongs to one tenant. `none`: to no tenant (people, countries). `self`: the row is the
 * tenant. `shared`: a tenant sees its own rows beside ours, which nobody but us writes.
 */
export type Tenancy = 'own' | 'none' | 'self' | 'shared'

/** Where the rows come from. */
export type Source =
  /** A table that Rowhouse makes and migrates. */
  | { readonly kind: 'table' }
  /** A table that was there before. Rowhouse adds row security, grants, functions and triggers; columns, keys, checks and indexes stay as they are. */
  | Adopted
  /** A view that was there before; read only. A view of Rowhouse fences it. */
  | AdoptedView
  /** A view that Rowhouse makes from a file with one `select`; read only. */
  | {
      readonly kind: 'report'
      /** Path in the app folder. */
      readonly file: string
      /** The one `select` of the file. */
      readonly sql: string
      /** When its rows are computed: `onDemand`, and kept until the next time; null: whenever they are read. */
      readonly refresh: 'onDemand' | null
    }

/** A table that Rowhouse did not make. */
export interface Adopted {
  readonly kind: 'adopted'
  /** Column that says whose a row is; null where the rows belong to no tenant. */
  readonly tenantColumn: string | null
  /** The primary key begins with the tenant's column. */
  readonly tenantInKey: boolean
  /** Tenants may meet in its keys: what one has, another cannot have, and is told CONFLICT. */
  readonly globalKeys: boolean
  /** Triggers that were there and stay; any other is refused. */
  readonly triggers: readonly string[]
}

/** A view that Rowhouse did not make. The entity's `schema` and `table` name the fence around it, which Rowhouse makes. */
export interface AdoptedView {
  readonly kind: 'view'
  /** Schema of the view: `reporting`. */
  readonly schema: string
  /** Name of the view: `sales_by_store`. */
  readonly view: string
  /** Column of the view that says whose a row is; null where the rows belong to no tenant. */
  readonly tenantColumn: string | null
}

/** How rows are looked for by words. */
export interface Search {
  /** Configuration of Postgres by which texts are cut into words: `simple`, which takes them as they are, or a language, whose endings do not count. */
  readonly language: string
  /** In order of declaration. */
  readonly fields: readonly SearchField[]
}

/** A text by whose words rows are looked for. */
export interface SearchField {
  /** `title`; a part of a value object by its path. */
  readonly name: string
  /** What a word found there counts; `A` most. */
  readonly weight: 'A' | 'B' | 'C' | 'D'
}

/** The side of a link that says `link: true`. */
export interface LinkSide {
  /** Its entity: `Order`. */
  readonly entity: string
  /** Name of its relation: `tags`. */
  readonly relation: string
}

/** What interfaces show of an entity, a field or a relation. */
export interface Shown {
  readonly note: string | null
  /** How interfaces call it, when the name will not do. */
  readonly label: string | null
  /** Why not to use it any more, and what instead. */
  readonly deprecated: string | null
  /** The author's own words for user interfaces, passed on as they are: `{ icon, group, order, hidden, widget, help, … }`. */
  readonly ui: { readonly [key: string]: Json } | null
}

/** A column that holds a value of its own. */
export interface Field extends Shown {
  readonly name: string
  /** `unit_price`; of a value object, what the columns of its parts begin with. */
  readonly column: string
  /** Type of the column as `format_type` prints it, when it is not the one that the type means: `character varying(40)`, `smallint`. */
  readonly columnType: string | null
  readonly type: FieldType
  readonly optional: boolean
  /** Accepted when the row is made, never afterwards. */
  readonly readonly: boolean
  /** Made by Rowhouse, not by the author; no caller writes it. */
  readonly builtIn: boolean
  readonly default: Default | null
  /** Path whose value is copied when the row is made without one: `['product', 'price']`. */
  readonly from: readonly string[] | null
  /** Tells something about a person. */
  readonly pii: boolean
  /** How the database counts, where the field is a number that it gives; nobody writes it then. */
  readonly numbering: Numbering | null
}

/** Numbers that the database gives rows, counted per tenant. */
export interface Numbering {
  /** Text with `{0000}` for the count, `{YYYY}`, `{YY}`, `{MM}` and `{DD}` for the day (in UTC), `{field}` for a value of the row. */
  readonly pattern: string
  /** What begins a series of its own: `year`, `month`, `day`, or names of fields and to-one relations. */
  readonly per: readonly string[]
  /** No number is left out; whoever makes a row waits for whoever made the one before. */
  readonly gapless: boolean
  /** Transition that gives the number. Null: the row has it from the start. */
  readonly on: string | null
}

/** A value that follows from others. */
export interface Computed extends Shown {
  readonly name: string
  readonly type: FieldType
  /** True when it may be null. */
  readonly optional: boolean
  /** False: computed when it is read. */
  readonly stored: boolean
  readonly expression: Expression
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
      /** In order of declaration, which is also the order of sorts. */
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
      /** Unit of the stored number. */
      readonly in: 'seconds' | 'minutes' | 'hours' | 'days'
      readonly min: number | null
      readonly max: number | null
    }
  | { readonly kind: 'uuid' }
  | {
      readonly kind: 'list'
      /** What each element is, never null and never a list: scalars are a native array, everything else is jsonb. */
      readonly of: FieldType
      /** Least number of elements. */
      readonly min: number | null
      /** Greatest number of elements. */
      readonly max: number | null
    }
  | {
      readonly kind: 'shape'
      /** Name of the GraphQL type: `CustomerAddress`, or the name given to `shapeType`. */
      readonly name: string
      /** In order of declaration. */
      readonly parts: readonly ShapePart[]
    }
  | {
      readonly kind: 'dict'
      /** What each value is; null: any JSON. */
      readonly values: FieldType | null
      /** Greatest number of keys. */
      readonly max: number | null
    }
  | {
      readonly kind: 'base64'
      /** Greatest size, decoded. */
      readonly maxBytes: number
    }
  /**
   * What nobody reads back. Its column holds a mark that says that there is one; what is made of the value is kept elsewhere. Written as a
   * text, tested for null alone.
   */
  | {
      readonly kind: 'secret'
      /** `hash`: a given value can be held against it. `encrypted`: the server's own code can read it. */
      readonly keep: 'hash' | 'encrypted'
    }
  /** From one day or instant up to another; either end may be open. */
  | {
      readonly kind: 'period'
      /** What its ends are. */
      readonly of: 'date' | 'datetime'
    }
  /** A value object: no column of its own, one for each of its parts. Ask `columnFields` for the columns of an entity. */
  | {
      readonly kind: 'embed'
      /** Name of the GraphQL type: `OrderDelivery`, or the name given to `embedType`. */
      readonly object: string
      /** Parts in order, with the columns that they have here: `delivery_city`. */
      readonly fields: readonly Field[]
    }

/** A named value inside of a shape. */
export interface ShapePart extends Shown {
  readonly name: string
  readonly type: FieldType
  readonly optional: boolean
}

/** A value of a choice or a state of a lifecycle. */
export interface ChoiceValue {
  /** As stored and as sent where GraphQL can say it. */
  readonly value: string
  /** Name of the GraphQL enum value: `value` with what GraphQL cannot say replaced by `_`. */
  readonly graphql: string
  readonly label: string | null
  readonly note: string | null
  /** For interfaces, as the author writes it. */
  readonly color: string | null
  /** Why not to use it any more, and what instead. */
  readonly deprecated: string | null
}

/** What an absent value becomes when a row is made. */
export type Default =
  | { readonly kind: 'value'; readonly value: Json }
  /** The instant of the transaction. */
  | { readonly kind: 'now' }
  /** The day of the transaction, in UTC. */
  | { readonly kind: 'today' }
  /** A random uuid (version 4), or version 7 for an `id` that is a uuid. */
  | { readonly kind: 'random' }
  | { readonly kind: 'v7' }
  /** So long before or after the instant or the day of the transaction, counted in UTC. */
  | {
      readonly kind: 'shifted'
      /** `today` for days, `now` for instants. */
      readonly from: 'now' | 'today'
      readonly by: Shift
    }
  /** So many characters that nobody guesses. */
  | {
      readonly kind: 'randomText'
      /** In characters. */
      readonly length: number
    }
  /** The next number of the column's own sequence. */
  | { readonly kind: 'identity' }
  /** The caller. Only on to-one relations to the actor's entity. */
  | { readonly kind: 'actor' }
  /** Computed from the other values of the new row, when it is made without one. */
  | { readonly kind: 'expression'; readonly expression: Expression }

/** A length of time; negative parts lead back. */
export interface Shift {
  /** Calendar months; the end of a shorter month is its last day. */
  readonly months: number
  /** Days of 24 hours in UTC. */
  readonly days: number
  /** Always 0 for days. */
  readonly seconds: number
}

/** A way from a row to others. */
export type Relation = ToOne | HasOne | ToMany | Through | Lineage | OneOf

/** This row holds the other's id. */
export interface ToOne extends Shown {
  readonly kind: 'one'
  readonly name: string
  readonly to: string
  /** Column that holds the target's key: `customer_id`. */
  readonly column: string
  readonly optional: boolean
  /** Accepted when the row is made, never afterwards. */
  readonly readonly: boolean
  /** What the deletion of the target for good does to this row. */
  readonly onDelete: 'restrict' | 'cascade' | 'setNull'
  /** What the removal of the target does to this row. */
  readonly onRemove: 'restrict' | 'cascade' | 'keep'
  readonly default: Default | null
  /** The row belongs inside the other: made, removed and restored with it (`partOf`). */
  readonly part: boolean
  /**
   * Column that holds the row's place among its siblings, for ordered parts. Places differ and need not be next to each other;
   * removed siblings keep theirs.
   */
  readonly position: string | null
  /** Path of this row that must lead to the same row as the target's relation of the last name: `['order', 'company']`. */
  readonly same: readonly string[] | null
  /** Name of the `many` or `hasOne` on the target that says `by` this relation, or null. */
  readonly inverse: string | null
}

/**
 * A row of one of several entities. Each target has a to-one of its own, which is optional; of these exactly one leads
 * somewhere, or at most one.
 */
export interface OneOf extends Shown {
  readonly kind: 'oneOf'
  readonly name: string
  /** Whether there may be no target at all. */
  readonly optional: boolean
  /** In order of declaration. */
  readonly targets: readonly OneOfTarget[]
}

/** A target of {@link OneOf}. */
export interface OneOfTarget {
  readonly to: string
  /** Name of the to-one that leads there: `subjectInvoice`. */
  readonly relation: string
}

/** At most one other row holds this one's id. */
export interface HasOne extends Shown {
  readonly kind: 'hasOne'
  readonly name: string
  readonly to: string
  /** Name of the to-one on the target. */
  readonly by: string
}

/** Other rows hold this one's id. */
export interface ToMany extends Shown {
  readonly kind: 'many'
  readonly name: string
  readonly to: string
  /** Name of the to-one on the target. */
  readonly by: string
}

/** Many to many by an entity in between. */
export interface Through extends Shown {
  readonly kind: 'through'
  readonly name: string
  readonly to: string
  /** Name of the entity in between. */
  readonly through: string
  /** Name of its to-one that leads back here. */
  readonly from: string
  /** Name of its to-one that leads to the target. */
  readonly toward: string
}

/** Rows above or below this one in its tree, itself included. */
export interface Lineage extends Shown {
  readonly kind: 'lineage'
  readonly name: string
  /** The entity itself. */
  readonly to: string
  /** Name of the to-one that makes the rows a tree. */
  readonly by: string
  /** `up`: from the row to the root; `down`: everything below. */
  readonly way: 'up' | 'down'
}

/** Values that no two live rows of a tenant share. */
export interface Unique {
  /** Fields and to-one relations, in order. */
  readonly on: readonly string[]
  /** Whether two rows without a value are alike. */
  readonly nulls: 'distinct' | 'equal'
  /** Whether removed rows keep their value taken. */
  readonly removed: 'ignored' | 'counted'
  /** Only among rows of which this holds. */
  readonly where: Condition | null
}

/** A field or to-one relation with its direction. */
export interface SortKey {
  readonly name: string
  readonly descending: boolean
}

/** An index over the live rows of a table. */
export interface Index {
  /** At least one, in order. */
  readonly on: readonly SortKey[]
  readonly where: Condition | null
  /** Fields and to-one relations that the index carries along, so that reads need not visit the table. */
  readonly include: readonly string[]
  /** Access method of Postgres; `trigram` finds parts of texts. */
  readonly using: 'btree' | 'gin' | 'gist' | 'brin' | 'hash' | 'trigram'
}

/** Periods that may not overlap among live rows that are alike in `on`. */
export interface NoOverlap {
  /** Shown when it refuses. */
  readonly title: string
  /** Fields and to-one relations that must be alike for two periods to clash. */
  readonly on: readonly string[]
  /** Name of a field that is a period, or of the two fields that hold its beginning and its end. */
  readonly during: string | readonly string[]
  readonly where: Condition | null
}

/** What always holds of a row; the database checks it. */
export interface EntityRule {
  /** Shown when it refuses. */
  readonly title: string
  readonly where: Condition
}

/** The states of a row and the ways between them. */
export interface Lifecycle {
  /** State of a new row. */
  readonly initial: string
  /** The same shape as a choice, so that states become a GraphQL enum: `OrderStatus`. */
  readonly enum: string
  /** In order of declaration. */
  readonly states: readonly LifecycleState[]
  /** In order of declaration. */
  readonly transitions: readonly Transition[]
}

/** A state, and what it asks of its rows. */
export interface LifecycleState extends ChoiceValue {
  /** Names of what rows in this state have; left out: nothing. */
  readonly requires?: readonly string[]
  /** Names of what does not change in this state; left out: nothing. */
  readonly freezes?: readonly string[]
}

/** A named way from some states to another. */
export interface Transition {
  readonly name: string
  /** States that it leads away from. */
  readonly from: readonly string[]
  readonly to: string
  readonly when: Condition | null
  /** Path of the worker that runs afterwards. */
  readonly runs: string | null
  readonly note: string | null
}

/** A named thing that can be done with a row. */
export interface Action {
  readonly name: string
  /** What the caller gives, in order. */
  readonly input: readonly Field[]
  /** What it answers beside the row; left out: nothing. */
  readonly output?: ActionOutput
  /** What must hold of the row; left out: nothing. */
  readonly when?: Condition
  /** Path of the script, worker or file of the server that does it. */
  readonly runs: string
  readonly note: string | null
}

/** A named thing that can be done with the app as a whole, with no row of its own. */
export interface AppAction extends Omit<Action, 'when'> {
  /** Who may do it. */
  readonly audience: AppAudience
}

/** What an action answers: values, or a row of an entity as far as the caller may read it. */
export type ActionOutput =
  | {
      readonly kind: 'values'
      /** In order of declaration. */
      readonly fields: readonly Field[]
    }
  | {
      readonly kind: 'row'
      /** Name of the entity whose row it is. */
      readonly entity: string
    }

/** A role of the app, such as `sales`. */
export interface Role {
  readonly name: string
  readonly note: string | null
  /** Roles whose rules hold for this one too. */
  readonly includes: readonly string[]
  /** It may publish scripts for its tenant. Left out: only if a role that it includes may. */
  readonly publishesScripts?: true
  /** It may see, edit, replay and discard failed jobs of its tenant. Left out: only if a role that it includes may. */
  readonly managesJobs?: true
}

/** Who is asking. */
export interface Actor {
  /** Entity whose rows are people: `User`. */
  readonly entity: string
  /** What is known of the caller, in order of declaration. */
  readonly values: readonly ActorValue[]
}

/** Something that is known about the caller. */
export type ActorValue =
  /** Rows of `to` that a live row of `via` links to the caller, now. A set of ids. */
  | {
      readonly kind: 'reach'
      readonly name: string
      readonly to: string
      /** Entity whose rows link the two. */
      readonly via: string
      /** What leads from `via` to the caller: a to-one, or a way over at most three relations: `team.members.user`. */
      readonly as: string
      /** What leads from `via` to the reached row: a to-one, a way over two of them, or `id` for the row of `via` itself. */
      readonly toward: string
      readonly where: Condition | null
      /** Relation of `to` up or down its tree: the rows that it leads to from a reached one are reached too. */
      readonly then: string | null
    }
  /** A field or to-one of the caller's own row, now. */
  | {
      readonly kind: 'own'
      readonly name: string
      /** Name of the field or to-one of the actor's entity. */
      readonly field: string
    }
  /** A value of the token, as old as the token. */
  | { readonly kind: 'claim'; readonly name: string; readonly type: FieldType }

/** All rules of one entity. */
export interface Policy {
  /** Whose rows it is about. */
  readonly entity: string
  /** In order of declaration; the order means nothing. */
  readonly rules: readonly Rule[]
  /** What a reader gets for a field that no rule shows: null, or an error. */
  readonly onHidden: 'null' | 'error'
}

/** One sentence of a policy. */
export interface Rule {
  /** Unique within the entity. */
  readonly title: string
  /**
   * A denial that matches wins over everything that allows. `reserve` allows nothing: its fields are for its audience alone; several
   * that speak of a field are alternatives.
   */
  readonly effect: 'allow' | 'deny' | 'reserve'
  readonly audience: Audience
  /** `read`, `create`, `update`, `remove`, `restore`, `delete`, transitions and actions; `'anything'` means all, later ones too. */
  readonly verbs: 'anything' | readonly string[]
  /** The row as it is; for `create` the new row. Null: every row. */
  readonly where: Condition | null
  /** The row as an update would leave it. Null: the same as `where`. */
  readonly becoming: Condition | 'anything' | null
  /** Deny only: where the denial does not hold. */
  readonly unless: Condition | null
  /** Names of fields, parts of value objects (`delivery.city`) and to-one relations that the rule covers. Null: all. `except` is turned into this. */
  readonly fields: readonly string[] | null
  /** Create and update only: values that the rule gives, and takes from no caller. */
  readonly sets: readonly Preset[]
  /** Shown to whoever is refused and may read the row. */
  readonly because: string | null
}

/** A value that a rule gives a row. */
export interface Preset {
  /** Name of a field or to-one relation. */
  readonly name: string
  /** A value, a value of the caller, or the instant or day of the transaction. */
  readonly to: Extract<Operand, { readonly kind: 'value' | 'actor' | 'now' }>
}

/** Who may do an action of the app. */
export type AppAudience = Exclude<Audience, { readonly kind: 'except' }>

/** Whom a rule speaks of. */
export type Audience =
  /** Visitors too. */
  | { readonly kind: 'everyone' }
  | { readonly kind: 'signedIn' }
  | {
      readonly kind: 'roles'
      /** One of them suffices. */
      readonly roles: readonly string[]
    }
  /** Everyone, visitors too, but whoever has one of the roles. */
  | {
      readonly kind: 'except'
      /** Who has none of them, and none that includes one of them. */
      readonly roles: readonly string[]
    }
