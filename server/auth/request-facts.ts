import type { JWTPayload } from 'jose'
import { type Condition, conditionParts, type Model } from '#schema'
import { devIssuer } from './sign-dev-token.ts'

/** What the server knows of a request besides who asks. */
export interface RequestKnowledge {
  /** Address of the client; null where it is not known. */
  readonly address: string | null
  /** Claims of the token; null for visitors. */
  readonly payload: JWTPayload | null
}

/** Clocks of issuers may be so far ahead. */
const toleratedSeconds = 5

/**
 * The settings of a transaction about its request; null where no rule asks. What is not known is `''`.
 *
 * A second factor is told by `mfa: true` or by `mfa` among the methods of `amr` (RFC 8176), the moment of signing in by `auth_time`
 * (OpenID Connect Core, 2): a renewed token has a new `iat`, though nobody signed in. Development tokens are a signing in.
 */
export function requestFacts(
  model: Model,
  { address, payload }: RequestKnowledge,
): Readonly<Record<string, string>> | null {
  if (!asksRequest(model)) return null
  return {
    'rowhouse.request_ip': address ?? '',
    'rowhouse.request_mfa': payload !== null && hasSecondFactor(payload) ? 'true' : '',
    'rowhouse.request_signed_in_at': payload === null ? '' : signedInAt(payload),
  }
}

function hasSecondFactor({ mfa, amr }: JWTPayload): boolean {
  return mfa === true || (Array.isArray(amr) && amr.includes('mfa'))
}

function signedInAt({ auth_time: told, iat, iss }: JWTPayload): string {
  const seconds = told ?? (iss === devIssuer ? iat : undefined)
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return ''
  // Who signs in tomorrow has not signed in yet.
  return seconds > Date.now() / 1000 + toleratedSeconds ? '' : String(seconds)
}

const asking = new WeakMap<Model, boolean>()

/** Whether a rule of the model asks something of the request. */
function asksRequest(model: Model): boolean {
  const known = asking.get(model)
  if (known !== undefined) return known
  const asks = (where: Condition): boolean =>
    (where.kind === 'fact' && where.about === 'request') || conditionParts(where).some((part) => asks(part.where))
  const found = model.policies.some(({ rules }) =>
    rules.some(({ where, becoming, unless }) =>
      [where, becoming, unless].some((each) => each !== null && each !== 'anything' && asks(each)),
    ),
  )
  asking.set(model, found)
  return found
}
