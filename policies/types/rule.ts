import type { CoverableName, VerbOf, Where } from '#schema'
import type { Allowed, Anything, Denied } from './audience.ts'

/** One rule of entity `N`. Its title is the key that it stands under. */
export type Rule<N extends string> = AllowUpdate<N> | AllowFields<N> | AllowVerbs<N> | Deny<N> | Reserve<N>

interface Allow<N extends string> {
  /** A role, a list of roles, `signedIn`, `everyone` or `everyoneExcept(…)`. */
  readonly allow: Allowed
  /** The row as it is; for `create` the new row. Without it: every row. */
  readonly where?: Where<N>
  /** Why, in words for the caller. */
  readonly because?: string
  readonly deny?: never
  readonly unless?: never
  readonly reserve?: never
  readonly for?: never
}

/** Narrows a rule to some fields, with `only` or with `except`; the loader refuses both at once. */
interface Narrowed<N extends string> extends Allow<N> {
  /** The rule covers these fields and to-one relations alone. */
  readonly only?: Some<CoverableName<N>>
  /** The rule covers all fields and to-one relations but these. */
  readonly except?: Some<CoverableName<N>>
  /** Values that the rule gives the row, and takes from no caller: `{ placedBy: actor.id }`. */
  readonly sets?: Where<N>
}

/**
 * No author's value. A text beside `Where` alone lets the compiler look at every property of it, because texts have an index: 400
 * instantiations for each entity with a `becoming`. Another primitive in front keeps it from that.
 */
type Cheaper = symbol

/** Allows updates, and says how the row may look afterwards. */
export interface AllowUpdate<N extends string> extends Narrowed<N> {
  /** The verb. */
  readonly to: OneOrMore<'update'>
  /** The row as it will be. Default: the same as `where`; `anything` says otherwise. */
  readonly becoming?: Where<N> | Cheaper | 'anything'
}

/** Allows reading, creating and updating, perhaps of some fields only. */
export interface AllowFields<N extends string> extends Narrowed<N> {
  /** The verbs. */
  readonly to: OneOrMore<FieldVerb>
  readonly becoming?: never
}

/** Allows verbs on whole rows. */
export interface AllowVerbs<N extends string> extends Allow<N> {
  /** Verbs of the entity, its transitions and actions included, or `anything`. */
  readonly to: OneOrMore<VerbOf<N>> | Anything
  readonly becoming?: never
  readonly only?: never
  readonly except?: never
}

/** Denies verbs; a matching deny wins over every allow. */
export interface Deny<N extends string> {
  /** `signedIn`, `everyone` or `everyoneExcept(…)`, never a role: gaining a role must not lose rights. */
  readonly deny: Denied
  /** Verbs of the entity, its transitions and actions included, or `anything`. */
  readonly to: OneOrMore<VerbOf<N>> | Anything
  /** Rows that it holds for. Without it: every row. */
  readonly where?: Where<N>
  /** Rows that it does not hold for. */
  readonly unless?: Where<N>
  /** Why, in words for a caller who may read the row. */
  readonly because?: string
  readonly allow?: never
  readonly becoming?: never
  readonly only?: never
  readonly except?: never
  readonly reserve?: never
  readonly for?: never
}

/** Keeps fields to some of those who read or write the row: nobody else does. Several of one field are alternatives. */
export interface Reserve<N extends string> {
  /** Fields and to-one relations. */
  readonly reserve: Some<CoverableName<N>>
  /** What they are kept from. */
  readonly to: OneOrMore<FieldVerb>
  /** A role, a list of roles, or `signedIn`. Allows nothing by itself. */
  readonly for: Allowed
  /** Rows for which it is so: as they are; for `create` the new row. Without it: every row. */
  readonly where?: Where<N>
  /** Why, in words for whom is refused. */
  readonly because?: string
  readonly allow?: never
  readonly deny?: never
  readonly unless?: never
  readonly becoming?: never
  readonly only?: never
  readonly except?: never
}

/** What policies say beside their rules. */
export interface PolicyOptions {
  /** What a reader gets for a field that no rule shows of a row: `null`, unless it says so, or an error. */
  readonly onHidden?: 'null' | 'error'
}

/** Verbs that can be narrowed to fields. */
type FieldVerb = 'read' | 'create' | 'update'

type Some<Name> = readonly [Name, ...Name[]]
type OneOrMore<Name> = Name | Some<Name>

declare const policyOf: unique symbol

/** What `policy` gives back. */
export interface PolicyOf<N extends string> {
  /** Only in types. */
  readonly [policyOf]: N
}
