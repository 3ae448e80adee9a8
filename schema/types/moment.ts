import type { ActorRef } from './comparison.ts'
import type { Day } from './values.ts'

declare const moment: unique symbol

/** What `now`, `ahead({ days: 14 })` and `ago({ hours: 2 })` are: a moment as seen from now, whenever that is. Stands for an instant or a day. */
export interface Moment extends ActorRef<Date & Day> {
  /** Only in types. */
  readonly [moment]: true
}

/** A length of time in whole units, put together. */
export interface Span {
  /** Years of the calendar. */
  readonly years?: number
  /** Months of the calendar. */
  readonly months?: number
  /** Weeks of seven days. */
  readonly weeks?: number
  /** Days in UTC. */
  readonly days?: number
  /** Hours; for instants only. */
  readonly hours?: number
  /** Minutes; for instants only. */
  readonly minutes?: number
}
