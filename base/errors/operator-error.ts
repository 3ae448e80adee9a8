import type { OperatorErrorCode } from './catalogue.ts'

/** A mistake of whoever runs the server: what is wrong, and what to do. Never holds a secret. */
export class OperatorError extends Error {
  readonly code: OperatorErrorCode
  /** What to do, one or two sentences. */
  readonly hint: string

  constructor(code: OperatorErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OperatorError'
    this.code = code
    this.hint = hint
  }
}
