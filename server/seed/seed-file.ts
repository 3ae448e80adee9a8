import { OperatorError } from '#base'

/** Name of the optional file in an app folder. */
export const seedFile = 'seed.ts'

/** Reads a list of the author's, whose generator may fail. */
export function* guarded<T>(list: Iterable<T>): Iterable<T> {
  try {
    yield* list
  } catch (cause) {
    throw unrunnable(cause)
  }
}

/** The author's code failed. */
export function unrunnable(cause: unknown): OperatorError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new OperatorError('SEED_INVALID', `"${seedFile}" cannot be run: ${reason}`, 'Mend the file and try again.', {
    cause,
  })
}

/** What the author's code made is no seed. */
export function formless(what = `What the seed of "${seedFile}" makes is not of the form of a seed.`): OperatorError {
  return new OperatorError(
    'SEED_INVALID',
    what,
    'Say `export const seed = defineSeed(() => ({ tenants: [{ id, slug, name, rows: { Customer: [{ id, … }] } }] }))`, without promises.',
  )
}
