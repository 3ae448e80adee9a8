import type { Span } from './moment.ts'
import type { RoleName } from './names.ts'

/** What is known of the caller: roles, claims by name, and the caller's own row. Names are looked at when the app is loaded. */
export interface CallerFacts {
  /** The caller has the role, or one that includes it. */
  readonly role?: RoleName | RoleTest
  /** A claim, or a field or relation of the caller's own row. */
  readonly [name: string]: unknown
}

/** Whether the caller has one of the roles. */
export interface RoleTest {
  /** One of them at least, or one that includes it. */
  readonly in?: readonly [RoleName, ...RoleName[]]
  /** None of them, nor one that includes it. */
  readonly notIn?: readonly [RoleName, ...RoleName[]]
}

/** What is known of the request. */
export interface RequestFacts {
  /** Signed in with a second factor. */
  readonly mfa?: boolean
  /** Address of the client. */
  readonly ip?: NetworkTest
  /** Hour of the day in UTC, 0 to 23. */
  readonly hour?: number | HourTest
  /** Day of the week in UTC. */
  readonly weekday?: Weekday | WeekdayTest
  /** How long ago the caller signed in. */
  readonly signedInFor?: SignedInTest
}

/** Where a request comes from. */
export interface NetworkTest {
  /** The network, or one of them, in CIDR notation: `'10.0.0.0/8'`. */
  readonly inside: string | readonly [string, ...string[]]
}

/** Compares the hour. */
export interface HourTest {
  /** It is this hour. */
  readonly is?: number
  /** It is another one. */
  readonly isNot?: number
  /** It is one of these. */
  readonly in?: readonly [number, ...number[]]
  /** It is none of these. */
  readonly notIn?: readonly [number, ...number[]]
  /** < */
  readonly under?: number
  /** <= */
  readonly atMost?: number
  /** > */
  readonly over?: number
  /** >= */
  readonly atLeast?: number
}

/** A day of the week. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** Compares the day of the week. */
export interface WeekdayTest {
  /** It is this day. */
  readonly is?: Weekday
  /** It is another one. */
  readonly isNot?: Weekday
  /** It is one of these. */
  readonly in?: readonly [Weekday, ...Weekday[]]
  /** It is none of these. */
  readonly notIn?: readonly [Weekday, ...Weekday[]]
}

/** Compares the time since the caller signed in. */
export interface SignedInTest {
  /** Less long ago. */
  readonly under?: Span
  /** As long ago at most. */
  readonly atMost?: Span
  /** Longer ago. */
  readonly over?: Span
  /** As long ago at least. */
  readonly atLeast?: Span
}

/** A condition on the row of the tenant. Names are looked at when the app is loaded. */
export interface TenantFacts {
  /** A field or relation of the row that is the tenant. */
  readonly [name: string]: unknown
}
