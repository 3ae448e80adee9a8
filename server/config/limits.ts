/** What an operation may ask for at most; each may be wider or narrower for a role. */
export interface OperationLimits {
  /** Levels of fields inside fields; those of introspection are not counted. */
  readonly maxDepth: number
  /** Selected fields, fragments counted wherever they are spread, each spread as one more. Planning takes time with their square. */
  readonly maxFields: number
  /** Fields with a name of the caller's, counted as fields are. */
  readonly maxAliases: number
  /** Directives, counted as fields are. */
  readonly maxDirectives: number
  /** Words and signs of a document. */
  readonly maxTokens: number
  /** Operations and fragments of a document. */
  readonly maxDefinitions: number
  /** Variables that the operations of a document declare. Validation looks at each, and words each that nobody uses. */
  readonly maxVariables: number
  /** Levels of lists and objects inside each other in arguments and variables. */
  readonly maxInputDepth: number
  /** Items of one list in arguments and variables. */
  readonly maxListItems: number
  /** What the filters and orders of an operation name, counted as fields are. */
  readonly maxConditions: number
  /** Searches for words, in lists and in filters, counted as fields are. */
  readonly maxSearches: number
  /** Rows that an operation may ask for: the page sizes of nested lists multiplied, with what is passed over, counted and summed up. */
  readonly maxRows: number
  /** Rows of a list that says neither `first` nor `last`. */
  readonly pageSize: number
  /** Rows that `first` and `last` may ask for. */
  readonly maxPageSize: number
}

/** Safe for a public API; wide enough for GraphiQL, and for pages of front ends. */
export const defaultOperationLimits: OperationLimits = {
  maxDepth: 20,
  maxFields: 400,
  maxAliases: 100,
  maxDirectives: 50,
  maxTokens: 10_000,
  maxDefinitions: 200,
  maxVariables: 250,
  maxInputDepth: 50,
  maxListItems: 2_000,
  maxConditions: 200,
  maxSearches: 10,
  maxRows: 5_000_000,
  pageSize: 100,
  maxPageSize: 1_000,
}

/** Everything that bounds requests. */
export interface LimitSettings {
  /** Of whoever has no role that says otherwise. */
  readonly operation: OperationLimits
  /** By role; of several that a caller holds the widest counts, each number by itself. */
  readonly roles: Readonly<Record<string, Partial<OperationLimits>>>
  /** Of callers without a token. */
  readonly visitors: Partial<OperationLimits>
  /** Of a request's body. */
  readonly maxBodyBytes: number
  /** How long a request may take to arrive. */
  readonly bodyTimeoutMs: number
  /** Operations in one request; 0: a request is one operation, in no list. */
  readonly maxBatch: number
  /** Open WebSockets. */
  readonly maxSockets: number
  /** Open WebSockets of one address. */
  readonly maxSocketsPerAddress: number
  /** Operations that run at once on one WebSocket. */
  readonly maxSocketOperations: number
  /** How long an `idempotencyKey` is known. */
  readonly idempotencyHours: number
}

/** Connections of a request pool where nobody says otherwise. */
export const defaultPoolSize = 10

/** What holds where nobody says otherwise. */
export const defaultLimits: LimitSettings = {
  operation: defaultOperationLimits,
  roles: {},
  visitors: {},
  maxBodyBytes: 262_144,
  bodyTimeoutMs: 30_000,
  maxBatch: 0,
  maxSockets: 5_000,
  maxSocketsPerAddress: 200,
  maxSocketOperations: 32,
  idempotencyHours: 24,
}
