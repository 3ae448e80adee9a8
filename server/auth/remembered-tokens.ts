import type { JWTPayload } from 'jose'
import { deepFreeze } from '#base'
import { clockToleranceSeconds, type VerifyToken } from './verify-token.ts'

/** How tokens are remembered. */
export interface RememberOptions {
  /** Milliseconds; a key that its issuer takes back is believed for so much longer. A minute when left out. */
  readonly maxAgeMs?: number
  /** How many; of more, the oldest is forgotten. 1,000 when left out. */
  readonly max?: number
  /** Milliseconds since 1970; the clock of the machine when left out. */
  readonly now?: () => number
}

interface Remembered {
  readonly payload: JWTPayload
  /** Milliseconds since 1970, from which on it has to be verified again. */
  readonly until: number
}

/**
 * Verifies a token once, then remembers it for a while, and never longer than it is good: a signature costs more than all else that is done
 * with a small request before Postgres. Only what is believed is remembered, by its whole text, so that others take no room.
 */
export function rememberTokens(verify: VerifyToken, options: RememberOptions = {}): VerifyToken {
  const { maxAgeMs = 60_000, max = 1_000, now = Date.now } = options
  const known = new Map<string, Remembered>()
  return async (token) => {
    const found = known.get(token)
    if (found !== undefined && now() < found.until) return found.payload
    known.delete(token)
    const asked = now()
    const payload = deepFreeze(await verify(token))
    const until = Math.min(asked + maxAgeMs, believedUntil(payload))
    if (known.size >= max) known.delete(known.keys().next().value!)
    known.set(token, { payload, until })
    return payload
  }
}

/** Milliseconds since 1970 from which on a token is expired. What has no end was refused already. */
export function believedUntil({ exp = 0 }: JWTPayload): number {
  return (exp + clockToleranceSeconds) * 1000
}
