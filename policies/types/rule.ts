import type { CoverableName, VerbOf, Where } from '#schema'
import type { Allowed, Anything, Denied } from './audience.ts'

/** One rule of entity `N`. Its title is the key that it stands under. */
export type Rule<N extends string> =
  | ((AllowUpdate<N> | AllowFields<N>) & (Only<N> | Except<N>))
  | AllowVerbs<N>
  | Deny<N>

interface Allow<N extends string> {
  /** A role, a list of roles, `signedIn`, `everyone` or `everyoneExcept(…)`. */
  readonly allow: Allowed
  /** The row as it is; for `create` the new row. Without it: every row. */
  readonly where?: Where<N>
  /** Why, in words for the caller. */
  readonly because?: string
  readonly deny?: never
  readonly unless?: never
}

/** Narrows a rule to some fields. */
interface Only<N extends string> {
  /** The rule covers these fields and to-one relations alone. */
  readonly only?: Some<CoverableName<N>>
  readonly except?: never
  /** Values that the rule gives the row, and takes from no caller: `{ placedBy: actor.id }`. */
  readonly sets?: Where<N>
}

/** Takes some fields out of a rule. */
interface Except<N extends string> {
  readonly only?: never
  /** The rule covers all fields and to-one relations but these. */
  readonly except?: Some<CoverableName<N>>
  /** Values that the rule gives the row, and takes from no caller: `{ placedBy: actor.id }`. */
  readonly sets?: Where<N>
}

/** Allows updates, and says how the row may look afterwards. */
export interface AllowUpdate<N extends string> extends Allow<N> {
  /** The verb. */
  readonly to: OneOrMore<'update'>
  /** The row as it will be. Default: the same as `where`; `anything` says otherwise. */
  readonly becoming?: Where<N> | 'anything'
}

/** Allows creating and updating, perhaps of some fields only. */
export interface AllowFields<N extends string> extends Allow<N> {
  /** The verbs. */
  readonly to: OneOrMore<'create' | 'update'>
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
}

type Some<Name> = readonly [Name, ...Name[]]
type OneOrMore<Name> = Name | Some<Name>

declare const policyOf: unique symbol

/** What `policy` gives back. */
export interface PolicyOf<N extends string> {
  /** Only in types. */
  readonly [policyOf]: N
}
