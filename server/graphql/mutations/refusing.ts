import { RequestError } from '#base'
import { RefusedWrite, type TriedChange } from '../../refused-write.ts'

/**
 * Does a change; where Postgres refuses it, says what was tried, so that the rule can be told.
 *
 * @throws RefusedWrite instead of what Postgres says, and whatever else the change throws
 */
export async function refusing<T>(change: TriedChange, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new RefusedWrite(change, null, error)
  }
}

/** Of Postgres only: what is thrown as a {@link RequestError} has its own words already. */
function isRefusal(error: unknown): boolean {
  if (error instanceof RequestError || error instanceof RefusedWrite) return false
  return (error as { readonly code?: unknown } | null)?.code === '42501'
}
