import pg from 'pg'
import { Bug, RequestError } from '#base'

/** No connection was free, and none could be made, for as long as a request may wait. */
export function refuseBusy(error: unknown): never {
  if (error instanceof Error && waited.has(error.message)) {
    throw new RequestError('TIMEOUT', 'The server is busy. Try again.', { retry: true })
  }
  throw error
}

const waited = new Set(['timeout exceeded when trying to connect', 'Connection terminated due to connection timeout'])

/** What is told where settings are refused: the role of the request is not there, or the login may not become it. */
export function refusalOfRole(error: unknown): unknown {
  const { code } = error as { code?: unknown }
  const isRole = code === '22023' || code === '42704' || code === '42501'
  if (!isRole) return error
  const message = 'This combination of roles is not set up on this server.'
  return new RequestError('FORBIDDEN', message, { reason: 'ROLE_SET' })
}

/** A change of the database broke what the connection had planned: another connection does the same without a fault. */
export function isStalePlan(error: unknown): boolean {
  const { code, message, position, where } = (error ?? {}) as Readonly<Record<string, unknown>>
  if (code === '0A000') return String(message).includes('cached plan')
  // Of a statement itself, not of a function in it: its parameters have the types that columns had.
  return (
    code === '42804' &&
    String(message).includes(' but expression is of type ') &&
    position !== undefined &&
    where === undefined
  )
}

/** How often what a broken connection undid is tried in all: the next connection may be broken too. */
export const maxConnections = 3

/** Said by Postgres itself, and read behind all that it had said before. */
export function isTold(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}

/** The connection is gone, or Postgres ends: nothing that it had begun was kept, unless it was told to keep it. */
export function isLost(error: unknown): boolean {
  // Their codes are words of ours.
  if (error instanceof RequestError || error instanceof Bug) return false
  const { code } = (error ?? {}) as { code?: unknown }
  if (typeof code !== 'string') return error instanceof Error && isSocketMessage(error.message)
  // Of the operating system: ECONNRESET, EPIPE.
  if (!sqlState.test(code)) return true
  return /^(08|57P|25P0[34])/.test(code)
}

/**
 * What a caller is told where Postgres is away, or has no room; null where something else is wrong. Narrower than {@link isLost}: a mistake of ours
 * has a code of Node's own.
 */
export function unavailable(error: unknown): RequestError | null {
  if (!(error instanceof Error)) return null
  const { code } = error as { code?: unknown }
  const isAway = typeof code === 'string' ? awayCodes.test(code) : isSocketMessage(error.message)
  if (!isAway) return null
  return new RequestError(
    'UNAVAILABLE',
    'The database cannot be reached for the moment. Nothing is changed; try again.',
    {
      retry: true,
    },
  )
}

/** Of sockets and of looking names up; of Postgres that ends, starts, ends a transaction in which nobody said anything, or has no connection left. What breaks the protocol (08P01) is a mistake of ours. */
const awayCodes =
  /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|08(?!P01)\w{3}|57P0[1-5]|25P0[34]|53300)$/

/** Five letters and digits, of which one is a digit. */
const sqlState = /^(?=.*\d)[0-9A-Z]{5}$/

/** Two changes waited for each other, or looked at what another changed meanwhile: Postgres undid one. */
export function isCollision(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === '40001' || code === '40P01'
}

/** True when the connection must not serve anybody else. */
export function isPoison(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return !(error instanceof RequestError) && !(error instanceof Bug)
  return isStalePlan(error) || isLost(error) || code.startsWith('XX')
}

/** `pg` throws plain errors where the socket ends or was never there. */
function isSocketMessage(message: string): boolean {
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(message)
}
