import { RequestError } from '#base'

const mostCharacters = 200

/** A token that may not be believed. The caller is told no more than that; the reason is for the log. */
export class Unauthenticated extends RequestError {
  /** What is wrong with the token; never shown to the caller. */
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super('UNAUTHENTICATED', 'The token is not valid.')
    // It may quote the token's header, which anybody can write: no line of a log begins in it, and none is filled by it.
    this.reason = reason.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, mostCharacters)
    this.cause = options?.cause
  }
}
