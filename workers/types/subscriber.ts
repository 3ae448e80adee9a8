import type { Rows } from '#base'

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

/** What a subscriber is called with. */
export interface SubscriberCall<N extends string = string> {
  readonly event: Event<N>
  /** Rows of the event's tenant, under the rights of who caused the event, unless `as` says otherwise. */
  readonly db: Rows
  /** Writes a line to the log. */
  readonly log: (line: string) => void
}

/** How a subscriber is run. */
export interface SubscriberOptions {
  /** How often an event is handed over again when the function fails; 5 unless said. Then it is kept as a failed job, and the next one comes. */
  readonly retries?: number
}

declare const subscribed: unique symbol

/** What `on` gives back. */
export interface Subscriber<N extends string> {
  /** Only in types. */
  readonly [subscribed]: N
}
