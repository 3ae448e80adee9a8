import type { WorkerCall, WorkerFields, WorkerOptions } from './worker.ts'

/** Something that happened to a row, as it was written down in the transaction in which it happened. */
export interface Event<N extends string = string> {
  /** The same one whenever the event comes again. */
  readonly id: string
  /** Whose row it is; of rows that belong to no tenant, the tenant of who changed it, or null. */
  readonly tenant: string | null
  /** `Order` */
  readonly entity: N extends `${infer E}.${string}` ? E : string
  /** `approved` */
  readonly type: N extends `${string}.${infer T}` ? T : string
  /** Id of the row, as code knows rows by; of a key of several values, a list of them in JSON. */
  readonly key: string
  /** Of two events of a row the later one has the greater number; numbers are left out. */
  readonly revision: number
  /** When it happened: ISO 8601, UTC. */
  readonly at: string
  /** Who did it, where that is known and of the same tenant. */
  readonly actor: string | null
  readonly data: EventData
  /** Form of `data`. */
  readonly version: 1
}

/** What an event tells of its row. */
export interface EventData {
  /** Names of the fields and relations (`customerId`) that were changed; empty for new and deleted rows. */
  readonly changed: readonly string[]
  /** What they became; of a new row all values, of a deleted one the last. Without personal values, secrets and binary data. */
  readonly values: Readonly<Record<string, unknown>>
  /** Of a state that was reached: the one before, the one reached, the transition and what was said of it. */
  readonly from?: string
  readonly to?: string
  readonly verb?: string
  readonly note?: string | null
}

/** What a subscriber is called with: as a worker, with the event instead of an input. `db` has the rights of who caused it, in the event's tenant. */
export interface SubscriberCall<N extends string = string> extends Omit<WorkerCall<never>, 'input'> {
  readonly event: Event<N>
}

/**
 * How a subscriber is run, as a worker. When it has failed as often as it may, the event is kept as a failed job, and the next one of the row comes.
 * An event that a cascade of keys caused in another tenant is in nobody's name: without a service role it fails there.
 */
export type SubscriberOptions = Pick<
  WorkerOptions<WorkerFields>,
  'as' | 'retries' | 'backoffSeconds' | 'timeoutSeconds' | 'perTenant'
>

declare const subscribed: unique symbol

/** What `on` gives back. */
export interface Subscriber<N extends string> {
  /** Only in types. */
  readonly [subscribed]: N
}
