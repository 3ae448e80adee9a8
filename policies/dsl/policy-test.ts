import { deepFreeze } from '#base'

/** Somebody who asks: what a token says. Whatever is not named here is a claim of `defineActor`. */
export interface PolicyTestActor {
  /** None when left out; null: a visitor. */
  readonly roles?: readonly string[] | null
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

/** What a policy test says. */
export interface PolicyTest {
  /** By name. Each has a row of the actor's entity of the same name, unless `rows` has one. */
  readonly actors: { readonly [name: string]: PolicyTestActor }
  /**
   * Rows by name: `{ o1: { Order: { customer: 'c1', status: 'draft' } } }`. Relations are names of other rows or of actors, `deletedAt: 'now'` is a
   * removed row. Required values that are left out get sensible ones.
   */
  readonly rows: { readonly [name: string]: { readonly [entity: string]: { readonly [field: string]: unknown } } }
  /** What may happen: `'ann reads o1'`, `'ann reads o1.margin'`, `'ann updates o1 { margin: "5" }'`, `'ann creates Order { customer: c1 }'`. */
  readonly expect: { readonly [question: string]: boolean }
}

/** A policy test as its file exports it. */
export interface PolicyTestDeclaration extends PolicyTest {
  /** Tells it from whatever else a file exports. */
  readonly kind: 'policyTest'
  /** Unique within the app. */
  readonly name: string
}

/**
 * Gives back a policy test, for `export const orders = policyTest('orders', { … })` in `policies/order.policy.test.ts`; `rowhouse policy test` asks
 * Postgres and the evaluator each of its questions.
 */
export function policyTest(name: string, test: PolicyTest): PolicyTestDeclaration {
  return deepFreeze({ kind: 'policyTest', name, ...test })
}
