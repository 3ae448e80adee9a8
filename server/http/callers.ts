import type { IncomingMessage } from 'node:http'
import type { JWTPayload } from 'jose'
import { Bug } from '#base'
import type { Model } from '#schema'
import { clientAddress, type TrustedProxies, trustedProxies } from '../auth/client-address.ts'
import { readBearerToken } from '../auth/read-bearer-token.ts'
import { believedUntil, rememberTokens } from '../auth/remembered-tokens.ts'
import { requestFacts } from '../auth/request-facts.ts'
import { readIdentity, requestSettings, visitor } from '../auth/request-identity.ts'
import type { RoleSets } from '../auth/role-sets.ts'
import { createTokenVerifier, type TokenSource, type VerifyToken } from '../auth/verify-token.ts'
import { hiddenEntities } from '../graphql/hidden-entities.ts'
import type { Caller } from './graphql-handler.ts'
import type { ServedModel } from './serve-model.ts'

/** By which callers are known. */
export interface CallersOptions {
  readonly tokens: TokenSource
  readonly roleSets: RoleSets
  /** Networks of proxies that are believed about addresses of clients, in CIDR notation. */
  readonly trustedProxies: readonly string[]
}

/** What a request says of who asks. */
export interface Asking {
  /** The header. */
  readonly authorization: string | undefined
  readonly address: string | null
}

/** Finds out who asks, and what that one may ask for. */
export class Callers {
  readonly #verifyToken: VerifyToken
  readonly #roleSets: RoleSets
  readonly #proxies: TrustedProxies | null

  constructor({ tokens, roleSets, trustedProxies: networks }: CallersOptions) {
    this.#verifyToken = rememberTokens(createTokenVerifier(tokens))
    this.#roleSets = roleSets
    this.#proxies = proxiesOf(networks)
  }

  /**
   * Who asks, as plans and Postgres need to know it.
   *
   * @throws Unauthenticated
   * @throws RequestError FORBIDDEN
   */
  async callerOf(
    { authorization, address }: Asking,
    { model, limitsOf, trustedFor }: Pick<ServedModel, 'model' | 'limitsOf' | 'trustedFor'>,
  ): Promise<Caller> {
    const payload = await this.#payloadOf(authorization)
    const identity = payload === null ? visitor : readIdentity(model, payload)
    const settings = requestSettings(model, identity, await this.#roleSets.roleOf(identity))
    const facts = requestFacts(model, { address, payload })
    // The same object each time, where it may be: what is made of it is made once.
    const pgSettings = facts === null ? settings : { ...settings, ...facts }
    const { roles } = identity
    const hidden = hiddenEntities(model, roles)
    return { pgSettings, hidden, roles, limits: limitsOf(roles), trusted: trustedFor(roles) }
  }

  /**
   * Until when a token is believed, on a connection that stays open; null: there is none.
   *
   * @throws Unauthenticated
   */
  async admit(authorization: string | undefined, model: Model): Promise<number | null> {
    const payload = await this.#payloadOf(authorization)
    if (payload === null) return null
    readIdentity(model, payload)
    return believedUntil(payload)
  }

  /** Of the client, behind the proxies that are believed. */
  addressOf({ socket, headers }: IncomingMessage): string | null {
    return clientAddress(socket.remoteAddress, headers['x-forwarded-for'], this.#proxies)
  }

  /** Null: a visitor. */
  async #payloadOf(authorization: string | undefined): Promise<JWTPayload | null> {
    const token = readBearerToken(authorization)
    return token === null ? null : await this.#verifyToken(token)
  }
}

/** None trusted is null: then nothing that a request says of itself is read. */
function proxiesOf(networks: readonly string[]): TrustedProxies | null {
  if (networks.length === 0) return null
  const proxies = trustedProxies(networks)
  if (proxies === null) throw new Bug('A network of proxies is none.')
  return proxies
}
