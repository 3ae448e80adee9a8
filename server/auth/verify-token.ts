import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import type { DevKeys } from './dev-keys.ts'
import { devIssuer } from './sign-dev-token.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** Whose tokens are believed. */
export type TokenSource =
  | { readonly kind: 'dev'; readonly app: string; readonly keys: DevKeys }
  | {
      readonly kind: 'jwks'
      /** Where the issuer publishes its keys. */
      readonly url: URL
      readonly issuer: string
      readonly audience: string
    }

/** The claims of a token that may be believed. */
export type VerifyToken = (token: string) => Promise<JWTPayload>

/** Signatures with a public key only: a server that also took HMAC could be given its own public key as the secret. */
const publicKeyAlgorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

/** By how much clocks of issuers may differ from ours. */
export const clockToleranceSeconds = 5

/** Checks signature, algorithm, issuer, audience and time. The result throws {@link Unauthenticated} for a token that fails any. */
export function createTokenVerifier(source: TokenSource): VerifyToken {
  const common: JWTVerifyOptions = { requiredClaims: ['exp', 'sub'], clockTolerance: clockToleranceSeconds }
  if (source.kind === 'dev') {
    const options = { ...common, algorithms: ['EdDSA'], issuer: devIssuer, audience: source.app }
    return (token) => refused(jwtVerify(token, source.keys.publicKey, options))
  }
  const keySet = createRemoteJWKSet(source.url, { timeoutDuration: 5_000 })
  const options = { ...common, algorithms: publicKeyAlgorithms, issuer: source.issuer, audience: source.audience }
  return (token) => refused(verifyWithAny(token, keySet, options))
}

/** A token without `kid` is held against every key that fits its algorithm: while an issuer changes keys there are two. */
async function verifyWithAny(token: string, keySet: JWTVerifyGetKey, options: JWTVerifyOptions) {
  try {
    return await jwtVerify(token, keySet, options)
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options)
      } catch (fault) {
        if (!(fault instanceof errors.JWSSignatureVerificationFailed)) throw fault
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

/** The token's fault becomes {@link Unauthenticated}; an issuer that does not answer is no fault of the caller. */
async function refused(verification: Promise<{ payload: JWTPayload }>): Promise<JWTPayload> {
  try {
    return (await verification).payload
  } catch (error) {
    if (isTokensFault(error)) throw new Unauthenticated(`${error.code}: ${error.message}`, { cause: error })
    throw error
  }
}

function isTokensFault(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false
  const issuersFault = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']
  return !issuersFault.includes(error.code)
}
