/**
 * Every code that a person can meet, with the one line that opens its page `docs/errors/<CODE>.md`.
 * A code is never renamed or reused. `npm run check` holds this list, the pages and the tests equal.
 */
export const modelErrors = {} as const satisfies Record<string, string>

/** Mistakes of whoever runs the server: environment, ports, databases. */
export const operatorErrors = {} as const satisfies Record<string, string>

/** What a caller of the API can be told. The list is closed. */
export const requestErrors = {
  UNAUTHENTICATED: 'The request carries no valid token.',
  FORBIDDEN: 'No rule allows what was asked.',
  NOT_FOUND: 'There is no such row, or the caller may not know of it.',
  VALIDATION: 'A value is missing or breaks a rule of its field.',
  CONFLICT: 'The change collides with another row.',
  TIMEOUT: 'The request took longer than it may.',
  LIMIT: 'The request is larger than it may be.',
  INTERNAL: 'A mistake of ours; the id in the answer finds it in the log.',
} as const satisfies Record<string, string>

/** Code of an author's mistake. */
export type ModelErrorCode = keyof typeof modelErrors
/** Code of an operator's mistake. */
export type OperatorErrorCode = keyof typeof operatorErrors
/** Code that `extensions.code` of an answer may hold. */
export type RequestErrorCode = keyof typeof requestErrors
