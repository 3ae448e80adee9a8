/** What a transaction runs as: `role` and one entry for each setting of the request. Values are bound, never written into SQL. */
export type RequestSettings = Readonly<Record<string, string>> & { readonly role: string }

/** A statement as Grafast and our mutations send it. */
export interface ClientQuery {
  readonly text: string
  readonly values?: readonly unknown[]
  /** Of Grafast's own selects. */
  readonly arrayMode?: boolean
  /** What the statement may be prepared as. */
  readonly name?: string
  /** A statement that travels before it, whose rows nobody wants; if it fails, this one does not run. */
  readonly lead?: { readonly statement: 'rowhouse_creating'; readonly values: readonly string[] }
  /** Another statement of the same change is sent at once behind it: both may be answered together. Nothing is known of its rows then but their number. */
  readonly isFollowed?: true
  /** Asked by code that a change runs: it is no select of the answer. */
  readonly isInside?: true
}

/** Rows of a statement. */
export interface ClientResult<Row = Record<string, unknown>> {
  readonly rows: readonly Row[]
  readonly rowCount: number | null
  readonly notices: readonly never[]
}

/** A change that need not wait for its answers. Where it fails all is undone, and done again by one that waits and says what is wrong. */
export interface Ahead {
  /** The key of a new row is read by selects alone: it may be a `LateValue`. */
  readonly isKeyLate: boolean
  /** Takes a change that nobody waits for here: the end of the transaction does. Where it fails, it has changed nothing. */
  leave(change: Promise<unknown>): void
}

/** One open transaction of one caller. */
export interface RequestClient {
  /** Null: what is changed waits for its answers. */
  readonly ahead: Ahead | null
  /** Who the transaction runs as. */
  readonly settings: RequestSettings
  query<Row = Record<string, unknown>>(query: ClientQuery): Promise<ClientResult<Row>>
  /** Sends a statement that nobody waits for, behind those before it. If it fails, nothing of the transaction is kept. */
  send(query: ClientQuery): void
  /** Says that nothing more is written: then the end may travel with the last statement. */
  finish(): void
  /** A savepoint: what fails inside undoes itself alone. */
  withTransaction<T>(work: (client: RequestClient) => Promise<T>): Promise<T>
}

/** Runs work as the role and with the claims of `settings`; what Grafast expects in its context. */
export interface WithPgClient {
  <T>(settings: RequestSettings, work: (client: RequestClient) => T | Promise<T>): Promise<T>
  release(): void
}
