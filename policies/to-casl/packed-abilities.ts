/** A rule as `packRules` of CASL writes it: verbs, entity, conditions, 1 for a denial, fields, reason; zeros for what is left out. */
export type PackedRule = readonly [
  verbs: string,
  entity: string,
  conditions?: PackedConditions | 0,
  inverted?: 0 | 1,
  fields?: string | 0,
  reason?: string,
]

/** What CASL compares a row with: of each field its operators. */
export type PackedConditions = Readonly<Record<string, Readonly<Record<string, PackedValue>>>>

/** A value of an operator. */
export type PackedValue = string | number | boolean | null | readonly (string | number | boolean | null)[]

/** What one caller may do, as far as the caller may know: what `viewer { abilities }` gives. */
export interface PackedAbilities {
  /** Of this form. */
  readonly version: 1
  /** Denials last: in CASL the last rule that matches wins. */
  readonly rules: readonly PackedRule[]
  /** For each of the rules whether it is decided by the row alone. The others match no row if they allow, and every row if they deny. */
  readonly local: readonly boolean[]
  /** By entity and verb whether all of its rules are local. What is not there nobody like this caller may ever do. */
  readonly verbs: Readonly<Record<string, Readonly<Record<string, boolean>>>>
  /** When these were made, ISO 8601. */
  readonly at: string
  /** The instant from which they may be others, without a change of rules or claims; null where there is none. ISO 8601. */
  readonly until: string | null
}
