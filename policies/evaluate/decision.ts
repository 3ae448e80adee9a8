import type { Condition, Rule } from '#schema'

/** What the rules say of one person, one verb and one row, with everything that was weighed: plain data that `why` and tests print. */
export interface Decision {
  /** Entity of the row. */
  readonly entity: string
  readonly verb: string
  readonly allowed: boolean
  readonly reason: Reason
  /** Title of the rule that decided: the one that allows, or the denial that stands. Null where no rule did. */
  readonly rule: string | null
  /** What the denial that decided says to whoever may read the row. */
  readonly because: string | null
  /** Titles of every denial that stands, in order of declaration. */
  readonly denials: readonly string[]
  /** Fields and to-one relations that decided: of `reserved` those that are for others, of `unreachable` those that lead to no readable row. */
  readonly fields: readonly string[]
  /** Each rule that speaks of the verb, in order of declaration. */
  readonly rules: readonly RuleTrace[]
}

/** Why a decision is what it is. */
export type Reason =
  /** A rule allows it and nothing stands against it. */
  | 'allowed'
  /** The entity knows no such verb, or no longer: rows that are `immutable` are not updated. */
  | 'impossible'
  /** The row is of another tenant, removed or expired; of `restore`, not removed. */
  | 'gone'
  /** The verb is about a row that the caller may not read. */
  | 'hidden'
  /** A to-one relation would lead to a row that is not there for the caller. */
  | 'unreachable'
  /** A denial stands. */
  | 'denied'
  /** A changed field is for others. */
  | 'reserved'
  /** No single rule allows it whole. */
  | 'unallowed'

/** What one rule says. */
export interface RuleTrace {
  readonly title: string
  readonly effect: Rule['effect']
  /** Whether it speaks of the caller. The rest is told all the same. */
  readonly audience: boolean
  /** What the rule asks of the caller and the caller lacks, `id` and names of claims: an allow does not hold then, a denial does. */
  readonly lacks: readonly string[]
  /** Whether it holds: an allow allows the verb whole, a denial stands, a reserve gives the caller its fields. */
  readonly holds: boolean
  /** The row as it is (for `create` the new row); null where the rule has no such clause. */
  readonly where: ClauseTrace | null
  /** The row as an update would leave it; null where any row will do or there is no update. */
  readonly becoming: ClauseTrace | null
  readonly unless: ClauseTrace | null
  /** Changed fields that the rule does not cover; of a new row those that are not at their defaults. */
  readonly uncovered: readonly string[]
  /** Fields that the rule gives itself, and that were given another value. */
  readonly preset: readonly string[]
}

/** A condition with what it came to. Every part is weighed, also where an earlier one had decided. */
export interface ClauseTrace {
  readonly condition: Condition
  /** Null: nobody knows, because a formula is out of range. An allow takes it for false, a denial for true. */
  readonly truth: Truth
  /** What it is made of, about the same row. */
  readonly parts: readonly ClauseTrace[]
  /** The rows that a relation leads to (also the caller's own row, or the tenant's), each with its truth; none where there is none. */
  readonly rows: readonly RelatedTrace[]
  /** Of a comparison what was compared; else null. */
  readonly compared: Compared | null
}

/** Kleene's three values. */
export type Truth = boolean | null

/** A related row that was looked at. */
export interface RelatedTrace {
  readonly entity: string
  /** Its `id`, or the values of its key with a comma between them. */
  readonly id: string
  readonly truth: Truth
  /** Null where any row will do. */
  readonly where: ClauseTrace | null
}

/** Both sides of a comparison, as rows hold them; `right` of a reach or a list is all of its values. */
export interface Compared {
  readonly left: RowValue
  readonly right: RowValue
}

/** A value of a row, as JSON writes it; see {@link Row}. */
export type RowValue = string | number | boolean | null | readonly RowValue[] | { readonly [key: string]: RowValue }
