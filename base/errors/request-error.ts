import type { RequestErrorCode } from './catalogue.ts'

/** HTTP status of each code, for answers that are nothing but an error. */
export const requestErrorStatus: Readonly<Record<RequestErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VALIDATION: 400,
  CONFLICT: 409,
  STALE: 409,
  ROLLED_BACK: 409,
  TIMEOUT: 504,
  UNAVAILABLE: 503,
  LIMIT: 413,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  UNTRUSTED: 403,
  INTERNAL: 500,
}

/** The caller's mistake, or what the caller may know of one of ours. The message is safe to show. */
export class RequestError extends Error {
  readonly code: RequestErrorCode
  /** Further safe facts for `extensions`, such as `fields`. */
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(code: RequestErrorCode, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'RequestError'
    this.code = code
    this.extensions = extensions
  }
}
