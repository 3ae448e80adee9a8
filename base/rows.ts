/** What a row is known by: its id as text, also where ids are numbers; of a key of several values all of them by name. */
export type RowId = string | Readonly<Record<string, unknown>>

/**
 * A row as code meets it: fields under the names that the API gives them. Decimals, money and int64 are strings, instants and
 * dates ISO strings, choices the stored words, to-ones the id of their target as `<relation>Id`. A field that the caller may not
 * read is null if a rule guards it and absent if it is kept out of the API.
 */
export interface Row {
  readonly [field: string]: unknown
}

/** What {@link Rows.find} looks for. */
export interface RowQuery {
  /** A condition in the words of policies (`Where<'Order'>`), over fields and to-ones that the caller may read. */
  readonly where?: object
  /** Fields to order by, `-wantedOn` for descending; ties are settled by the id. */
  readonly orderBy?: readonly string[]
  /** How many rows at most: 100 unless said, never more than the app's limit. */
  readonly first?: number
  /** The id of the row after which to go on, under the same order. */
  readonly after?: RowId
}

/**
 * What code (scripts, jobs, actions, hooks) may do with rows: everything runs in one transaction under the rights of the caller,
 * with the refusals, limits and hooks that the same change meets through GraphQL. A refusal is a `RequestError`.
 */
export interface Rows {
  /** The rows that the caller may read and the condition keeps. */
  find(entity: string, query?: RowQuery): Promise<readonly Row[]>
  /** The row; null where there is none that the caller may read. */
  get(entity: string, id: RowId): Promise<Row | null>
  /** The new row, as far as the caller may read it. */
  create(entity: string, values: object): Promise<Row>
  /** The row as it is now; null where the caller may no longer read it. */
  update(entity: string, id: RowId, values: object): Promise<Row | null>
  /** Nothing; the row is hidden and may be restored. */
  remove(entity: string, id: RowId): Promise<void>
  /** The row that is back; null where the caller may not read it. */
  restore(entity: string, id: RowId): Promise<Row | null>
  /** Nothing; the row is gone for good. */
  delete(entity: string, id: RowId): Promise<void>
  /** What the transition or action answers: a transition the row, an action its output. */
  act(entity: string, verb: string, id: RowId, input?: object): Promise<unknown>
  /** What an action of the app answers: its output. */
  act(action: string, input?: object): Promise<unknown>
}
