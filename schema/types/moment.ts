declare const moment: unique symbol

/** What `ahead({ days: 14 })` and `ago({ hours: 2 })` give back: a moment as seen from now, whenever that is. */
export interface Moment {
  /** Only in types. */
  readonly [moment]: true
}

/** A length of time in whole units, put together. */
export interface Span {
  readonly years?: number
  readonly months?: number
  readonly weeks?: number
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
}
