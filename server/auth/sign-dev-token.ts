import { type JWTPayload, SignJWT } from 'jose'
import type { DevKeys } from './dev-keys.ts'

/** Issuer of development tokens. A production issuer is a URL, so the two never meet. */
export const devIssuer = 'rowhouse-dev'

/** Who a development token is for. */
export interface DevTokenSubject {
  /** Name of the app; the token's audience. */
  readonly app: string
  /** User id. */
  readonly sub: string
  /** Tenant id. */
  readonly tenant?: string
  readonly roles?: readonly string[]
  /** Further claims, under their `defineActor` names. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Seconds since 1970; the present when left out. With it, the same subject gets the same token each time. */
  readonly issuedAtSeconds?: number
  /** A day when left out. */
  readonly lifetimeSeconds?: number
}

/** A signed token that the development server accepts until it expires. */
export async function signDevToken(keys: DevKeys, subject: DevTokenSubject): Promise<string> {
  const payload: JWTPayload = {
    ...subject.claims,
    roles: subject.roles ?? [],
    ...(subject.tenant === undefined ? {} : { tenant: subject.tenant }),
  }
  const now = subject.issuedAtSeconds ?? Math.floor(Date.now() / 1000)
  return await new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: keys.keyId })
    .setSubject(subject.sub)
    .setIssuer(devIssuer)
    .setAudience(subject.app)
    .setIssuedAt(now)
    .setExpirationTime(now + (subject.lifetimeSeconds ?? 86_400))
    .sign(keys.privateKey)
}
