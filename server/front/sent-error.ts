import { OperatorError } from '#base'

/** An error on its way from one thread to another: of what is copied by itself, codes and hints would be lost. */
export interface SentError {
  readonly message: string
  readonly stack: string
  readonly operator: { readonly code: OperatorError['code']; readonly hint: string } | null
}

/** To be sent. */
export function sentError(error: unknown): SentError {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
  const operator = error instanceof OperatorError ? { code: error.code, hint: error.hint } : null
  return { message, stack, operator }
}

/** As it was thrown. */
export function receivedError({ message, stack, operator }: SentError): Error {
  if (operator !== null) return new OperatorError(operator.code, message, operator.hint)
  return Object.assign(new Error(message), { stack })
}
