import { RequestError } from '#base'

/** Secrets that one request may have hashed: each takes a processor for tens of milliseconds. */
export const maxHashes = 20

/**
 * Counts what a request has hashed, in all of its mutations, before any of it is.
 *
 * @param request anything that is one for the whole request
 * @throws RequestError LIMIT, with the fields of the mutation that goes too far
 */
export function countHashes(request: object, count: number, fields: readonly string[]): void {
  const hashed = (counts.get(request) ?? 0) + count
  if (hashed > maxHashes)
    throw new RequestError('LIMIT', `A request may set ${maxHashes} secrets that are hashed at most.`, { fields })
  counts.set(request, hashed)
}

const counts = new WeakMap<object, number>()
