import type { JWTPayload } from 'jose'
import { snakeCase } from '#base'
import type { ActorValue, Model } from '#schema'
import type { RequestSettings } from '../postgres/with-pg-client.ts'
import { claimText, uuidText } from './claim-text.ts'
import { requestFacts } from './request-facts.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** Who is asking, from a token that may be believed. */
export interface RequestIdentity {
  /** User id; null for visitors. */
  readonly actorId: string | null
  /** Tenant id; null for visitors and for tokens of no tenant. */
  readonly tenantId: string | null
  /** Roles of the model, sorted, each once; null for visitors, who are not even a role set without roles. */
  readonly roles: readonly string[] | null
  /** By name of `defineActor`, as text; only those that the token has. */
  readonly claims: Readonly<Record<string, string>>
}

/** Somebody without a token. */
export const visitor: RequestIdentity = { actorId: null, tenantId: null, roles: null, claims: {} }

type ClaimDeclaration = Extract<ActorValue, { kind: 'claim' }>

/**
 * Reads `sub`, `tenant`, `roles` and the claims of `defineActor`. Roles that the model does not have are ignored: an
 * issuer may serve several apps, and a role that was taken out of the model must not lock its people out.
 *
 * @throws Unauthenticated when a claim is there but is not of its type
 */
export function readIdentity(model: Model, payload: JWTPayload): RequestIdentity {
  const known = identities.get(model) ?? new WeakMap<JWTPayload, RequestIdentity>()
  identities.set(model, known)
  const found = known.get(payload) ?? identityOf(model, payload)
  known.set(payload, found)
  return found
}

/** Of claims that are remembered for their token, and never change. */
const identities = new WeakMap<Model, WeakMap<JWTPayload, RequestIdentity>>()

function identityOf(model: Model, payload: JWTPayload): RequestIdentity {
  const actorId = uuidText(payload.sub)
  if (actorId === null) throw new Unauthenticated('"sub" is not a uuid.')
  return { actorId, tenantId: tenantOf(payload), roles: rolesOf(model, payload), claims: claimsOf(model, payload) }
}

/** The settings of a transaction for an identity. Every claim is set, absent ones to `''`, so that none is left over. */
export function requestSettings(model: Model, identity: RequestIdentity, role: string): RequestSettings {
  const found = settingsOf.get(identity)
  if (found !== undefined && found.model === model && found.settings.role === role) return found.settings
  const settings = Object.freeze(makeSettings(model, identity, role))
  settingsOf.set(identity, { model, settings })
  return settings
}

/** Names of the settings of every transaction of a model, in their order, with those about the request where rules ask for them. */
export function settingNames(model: Model): readonly string[] {
  const facts = requestFacts(model, { address: null, payload: null })
  return Object.keys({ ...makeSettings(model, visitor, ''), ...facts })
}

/** Of identities that are remembered for their token. */
const settingsOf = new WeakMap<RequestIdentity, { readonly model: Model; readonly settings: RequestSettings }>()

function makeSettings(model: Model, identity: RequestIdentity, role: string): RequestSettings {
  const claims = claimDeclarations(model).map(({ name }) => [
    `rowhouse.claim_${snakeCase(name)}`,
    identity.claims[name] ?? '',
  ])
  return {
    role,
    'rowhouse.tenant_id': identity.tenantId ?? '',
    'rowhouse.actor_id': identity.actorId ?? '',
    ...Object.fromEntries(claims),
  }
}

function tenantOf(payload: JWTPayload): string | null {
  if (payload.tenant == null) return null
  const tenantId = uuidText(payload.tenant)
  if (tenantId === null) throw new Unauthenticated('"tenant" is not a uuid.')
  return tenantId
}

function rolesOf(model: Model, payload: JWTPayload): readonly string[] {
  const given = payload.roles ?? []
  if (!Array.isArray(given) || given.some((role) => typeof role !== 'string')) {
    throw new Unauthenticated('"roles" is not a list of texts.')
  }
  const known = new Set(model.roles.map((role) => role.name))
  return [...new Set(given as readonly string[])].filter((role) => known.has(role)).sort()
}

function claimsOf(model: Model, payload: JWTPayload): Readonly<Record<string, string>> {
  const claims: Record<string, string> = {}
  for (const { name, type } of claimDeclarations(model)) {
    const value = Object.hasOwn(payload, name) ? payload[name] : null
    if (value == null) continue
    const text = claimText(type, value)
    if (text === null) throw new Unauthenticated(`The claim "${name}" is not of kind "${type.kind}".`)
    claims[name] = text
  }
  return claims
}

function claimDeclarations(model: Model): readonly ClaimDeclaration[] {
  const values = model.actor?.values ?? []
  return values.filter((value): value is ClaimDeclaration => value.kind === 'claim')
}
