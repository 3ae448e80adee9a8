import type { ModelIndex } from '../to-sql/model-index.ts'
import type { RowValue } from './decision.ts'

/**
 * A row by the names of the model: fields, parts of value objects by their path (`delivery.city`), built-in fields, and to-one
 * relations with the key of their target. What is left out is null. Exact numbers, amounts (in whole units), days and instants are
 * texts as GraphQL writes them, periods `{ from, to }` with the last day, or a range as Postgres writes it. `$tenant` says whose the row
 * is; left out, it is of the tenant that asks (of a shared entity: null means ours).
 */
export type Row = Readonly<Record<string, RowValue>>

/** Everything that rules look at. */
export interface World {
  readonly index: ModelIndex
  /** Rows by entity, removed and expired ones too. Links and histories are rows of their entities. */
  readonly rows: Readonly<Record<string, readonly Row[]>>
  /** The instant of the transaction, ISO 8601. */
  readonly now: string
  /** Told what is looked for among the rows, before it is: whoever has the rows elsewhere reads no more than that. */
  readonly seek?: (sought: Sought) => void
}

/** Rows that are looked for. */
export interface Sought {
  /** Name of the entity. */
  readonly entity: string
  /** Field or to-one relation that holds the value; null: all rows. */
  readonly by: string | null
  readonly value: string
}

/** Who asks. */
export interface Caller {
  /** Key of the caller's row in the actor's entity; null: nobody. */
  readonly id: string | null
  /** Roles as given, without those that they include; null: a visitor. */
  readonly roles: readonly string[] | null
  readonly tenant: string | null
  /** Claims by the names of the model; those left out are lacking. */
  readonly claims: Readonly<Record<string, RowValue>>
  /** Facts about the request; what is left out is lacking, like a claim; `mfa` is false then. */
  readonly request: Request
}

/** What the server knows of a request. `weekday` and `hour` follow from the instant. */
export interface Request {
  readonly mfa?: boolean
  readonly ip?: string
  /** Seconds since the caller signed in. */
  readonly signedInFor?: number
  readonly hour?: number
  readonly weekday?: string
}
