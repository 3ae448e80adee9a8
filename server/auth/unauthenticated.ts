import { RequestError } from '#base'

/** A token that may not be believed. The caller is told no more than that; the reason is for the log. */
export class Unauthenticated extends RequestError {
  /** What is wrong with the token; never shown to the caller. */
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super('UNAUTHENTICATED', 'The token is not valid.')
    this.reason = reason
    this.cause = options?.cause
  }
}
