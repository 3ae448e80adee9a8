import { deepFreeze } from '#base'
import type { AllFieldsOf, EntityName, IsUnknown, RelationsOf, RoleName } from '#schema'

/** Somebody who asks: what a token says. Whatever is not named here is a claim of `defineActor`. */
export interface PolicyTestActor {
  /** None when left out; null: a visitor. */
  readonly roles?: readonly RoleName[] | null
  /** What the server knows of the request; what is left out is not known, and no second factor was used. */
  readonly request?: PolicyTestRequest
  /** Another tenant than that of the rows, by any name: a token of somewhere else. A row of the tenant's entity of that name is its own. */
  readonly tenant?: string
  /** A claim, as the token has it. */
  readonly [claim: string]: unknown
}

/** What a request says besides who asks. The hour and the weekday are those of the moment at which the test runs. */
export interface PolicyTestRequest {
  /** Whether the caller signed in with a second factor. */
  readonly mfa?: boolean
  /** Address of the client. */
  readonly ip?: string
  /** Seconds since the caller signed in. */
  readonly signedInFor?: number
}

/** A row of `N`, by the names of its fields and relations. */
export type PolicyTestRow<N extends string> =
  IsUnknown<N> extends true
    ? { readonly [field: string]: unknown }
    : { readonly [K in keyof AllFieldsOf<N> | keyof RelationsOf<N> | 'id']?: unknown }

/** A row of one entity, under its name. */
export interface PolicyTestRowOf extends AnyRow {}

type AnyRow = { readonly [N in EntityName]?: PolicyTestRow<N> }

/** What a policy test says, with actors called `A`. */
export interface PolicyTest<A extends string = string> {
  /** By name. Each has a row of the actor's entity of the same name, unless `rows` has one. */
  readonly actors: { readonly [name in A]: PolicyTestActor }
  /**
   * Rows by name: `{ o1: { Order: { customer: 'c1', status: 'draft' } } }`. Relations are names of other rows or of actors, `deletedAt: 'now'` is a
   * removed row. Required values that are left out get sensible ones.
   */
  readonly rows: { readonly [name: string]: PolicyTestRowOf }
  /** What may happen: `'ann reads o1'`, `'ann reads o1.margin'`, `'ann updates o1 { margin: "5" }'`, `'ann creates Order { customer: c1 }'`. */
  readonly expect: { readonly [question in `${A} ${string}`]: boolean }
}

/** A policy test as its file exports it. */
export interface PolicyTestDeclaration {
  /** Tells it from whatever else a file exports. */
  readonly kind: 'policyTest'
  /** Unique within the app. */
  readonly name: string
  /** By name, as they are written. */
  readonly actors: { readonly [name: string]: PolicyTestActor }
  /** By name, as they are written. */
  readonly rows: { readonly [name: string]: { readonly [entity: string]: { readonly [field: string]: unknown } } }
  /** By question, as they are written. */
  readonly expect: { readonly [question: string]: boolean }
}

/**
 * Gives back a policy test, for `export const orders = policyTest('orders', { … })` in `policies/order.policy.test.ts`; `rowhouse policy test` asks
 * Postgres and the evaluator each of its questions.
 */
export function policyTest<const A extends string>(name: string, test: PolicyTest<A>): PolicyTestDeclaration {
  const { actors, rows, expect } = test
  // Its rows are what the registry knows; whoever runs it looks at them by name.
  return deepFreeze({ kind: 'policyTest', name, actors, rows: rows as PolicyTestDeclaration['rows'], expect })
}
