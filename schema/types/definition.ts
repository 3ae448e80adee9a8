import type { Action } from './action.ts'
import type { PartPath } from './embed.ts'
import type { RowEvent } from './event.ts'
import type { Ui } from './field-options.ts'
import type { Hooks } from './hooks.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { OwnWhere } from './own-where.ts'
import type { AnyFields } from './parts.ts'
import type { OnesIn } from './relation.ts'
import type { SearchLanguage, SearchWeights } from './search.ts'
import type { AdoptOptions, AdoptViewOptions, BuiltInColumns, IdOptions, IdType, TenantColumn } from './storage.ts'

/** Everything that an author says about an entity. */
export interface Definition<F, R, S extends string, T extends string, A, C> {
  /** GraphQL description and SQL comment. */
  readonly note?: string
  /** How interfaces call a row, when the name will not do. */
  readonly label?: string
  /** Why not to use it any more, and what instead. */
  readonly deprecated?: string
  /** Every field tells something about a person. */
  readonly pii?: true
  /** Hints for interfaces; passed on as they are. */
  readonly ui?: Ui
  /** Plural of the name, where English has none of its own: `NewsItems`. */
  readonly plural?: string
  /** Name of the field or computed field that stands for the row in lists and pickers. */
  readonly display?: (keyof NoInfer<F & C> & string) | PartPath
  /** Name of the optional to-one relation to the same entity that makes the rows a tree: none is below itself. */
  readonly tree?: OnesIn<NoInfer<R>>
  /** `false`: the rows belong to no tenant (people, countries). `'self'`: the row is the tenant, each has one. `'shared'`: all tenants read our rows beside their own. */
  readonly tenant?: false | 'self' | 'shared' | TenantColumn
  /** `id` is a uuid, unless numbers were asked for. */
  readonly id?: IdType | IdOptions
  /** Fields and to-one relations that identify a row; it has no `id` then. */
  readonly key?: Column<NoInfer<F>, NoInfer<R>, never> | readonly Column<NoInfer<F>, NoInfer<R>, never>[]
  /** Name of the table where it is not the entity's own in snake case. */
  readonly table?: string
  /** A table that was there before, with its schema: `'public.customers'`; or a view: `{ view: 'public.sales' }`. */
  readonly adopt?: string | AdoptOptions | AdoptViewOptions
  /** A report: file of the app with one `select`, which sees all live rows of the tenant. Needs `key`; its rows are read alone. */
  readonly sql?: `${string}.sql`
  /** A report whose rows are kept: `rowhouse refresh` computes them anew, and `refreshedAt` says when. Left out: each read computes them. */
  readonly refresh?: 'onDemand'
  /** Which of `createdAt`, `updatedAt` and `deletedAt` are kept, and in which columns. */
  readonly builtIns?: false | BuiltInColumns
  /** Rows are made, read and deleted, never changed: no update, no remove, no restore. */
  readonly immutable?: true
  /** Every change of a row is kept: what it became, who changed it and when. Values of `pii` fields are not. */
  readonly history?: true
  /** What happens to a row is written down for subscribers: everything, or the events named, of which states are those reached. */
  readonly events?: true | readonly (RowEvent | NoInfer<S>)[]
  /** Name of the instant, or of the last day in UTC, after which a row is gone from every read. Without a value it stays. */
  readonly expires?: (keyof NoInfer<F> & string) | PartPath
  /** Texts by whose words rows are looked for, each with what a word there counts: `A` most, `D` least. */
  readonly search?: SearchWeights<keyof NoInfer<F> & string>
  /** Language of those texts: other forms of a word are found with it, and words like "the" are passed over. Left out: words are taken as they are. */
  readonly searchLanguage?: SearchLanguage
  /** Code that runs beside changes of rows, in their transaction. */
  readonly hooks?: Hooks
  /** What a row knows by itself, by name. */
  readonly fields: F
  /** The rows that it goes with, by name. */
  readonly relations?: R
  /** Types of the values that follow from others; `formulas(…)` says how. */
  readonly computed?: C & AnyFields
  /** States of the row and the ways between them; the row then has a `status`. */
  readonly lifecycle?: Lifecycle<F & C, S, T>
  /** What else can be done with a row, by name; the names are verbs of rules. */
  readonly actions?: { readonly [K in keyof A]: Action<A[K]> }
  /** Order of lists that ask for none; `-` before a name: descending. The key breaks ties. */
  readonly sort?: readonly Sort<Column<NoInfer<F & C>, NoInfer<R>, NoInfer<S>> | 'createdAt' | 'updatedAt'>[]
  /** Fields, stored formulas and to-one relations that no two live rows share together. */
  readonly unique?: readonly (
    | readonly (Column<NoInfer<F & C>, NoInfer<R>, NoInfer<S>> | PartPath)[]
    | UniqueOptions<NoInfer<F & C>, NoInfer<R>, NoInfer<S>>
  )[]
  /** Indexes for lists that are filtered or ordered by something else than relations, uniques and what policies ask for. */
  readonly indexes?: readonly Index<NoInfer<F & C>, NoInfer<R>, NoInfer<S>>[]
  /** What always holds of a row, by a title that is shown when it does not. A comparison with a missing value breaks no rule. What names stored formulas over other rows is looked at when the transaction commits. */
  readonly rules?: { readonly [title: string]: OwnWhere<NoInfer<F & C>, NoInfer<S>, NoInfer<R>> }
  /** Periods that may not overlap, by a title that is shown when one is refused. */
  readonly noOverlap?: { readonly [title: string]: NoOverlap<NoInfer<F>, NoInfer<R>, NoInfer<S>> }
}

/** Live rows of a tenant that are alike in `on` share no moment. */
export interface NoOverlap<F, R, S> {
  /** Rows that differ in one of these, or have no value there, do not meet. Default: all rows of the tenant meet. */
  readonly on?: readonly (Column<F, R, S> | PartPath)[]
  /** A period, or the two fields that hold its ends. */
  readonly during:
    | (keyof F & string)
    | PartPath
    | readonly [from: (keyof F & string) | PartPath, to: (keyof F & string) | PartPath]
  /** Only among rows of which this holds. */
  readonly where?: OwnWhere<F, S>
}

/** Values that no two live rows share together, in more words. */
export interface UniqueOptions<F, R, S> {
  /** Fields and to-one relations whose values count together. */
  readonly on: readonly (Column<F, R, S> | PartPath)[]
  /** Two rows without a value are alike. Otherwise rows without a value never clash. */
  readonly nulls?: 'equal'
  /** Removed rows keep their values taken. */
  readonly removed?: 'counted'
  /** Only among rows of which this holds. */
  readonly where?: OwnWhere<F, S>
}

/** An index; it holds live rows only, and with `btree` leads with the tenant, without saying so. */
export interface Index<F, R, S> {
  /** `-` before a name: descending. */
  readonly on: readonly (Sort<Column<F, R, S> | 'createdAt' | 'updatedAt'> | PartPath)[]
  /** Only rows of which this holds. */
  readonly where?: OwnWhere<F, S>
  /** Carried along, so that reads which need no more than this do not visit the table. Only with `btree` and `gist`. */
  readonly include?: readonly Column<F, R, S>[]
  /** Default: `btree`. `trigram` finds parts of texts. */
  readonly using?: 'btree' | 'hash' | 'brin' | 'gin' | 'gist' | 'trigram'
}

// Conditional, so that messages print the names instead of the alias.
type Column<F, R, S> = [S] extends [never] ? (keyof F & string) | OnesIn<R> : (keyof F & string) | OnesIn<R> | 'status'
type Sort<Name extends string> = [Name] extends [string] ? Name | `-${Name}` : never
