import type { Audience, Model } from '#schema'
import { rolesOf } from './audience-words.ts'

/** Somebody as rules see them. */
export interface CallerKind {
  /** `sales`, `sales + accountant`, `signed in`, `visitor`. */
  readonly name: string
  readonly isSignedIn: boolean
  /** Those given, and all that they include. */
  readonly roles: readonly string[]
}

/** Who is not signed in. */
export const visitor: CallerKind = { name: 'visitor', isSignedIn: false, roles: [] }

/** Who is signed in and has no role. */
export const signedInCaller: CallerKind = { name: 'signed in', isSignedIn: true, roles: [] }

/** Who has these roles. */
export function callerWith(roles: readonly string[], model: Pick<Model, 'roles'>): CallerKind {
  return { name: roles.join(' + '), isSignedIn: true, roles: rolesOf(roles, model) }
}

/** True where a rule for this audience speaks of the caller. */
export function isInAudience(audience: Audience, { isSignedIn, roles }: CallerKind): boolean {
  switch (audience.kind) {
    case 'everyone':
      return true
    case 'signedIn':
      return isSignedIn
    case 'roles':
      return audience.roles.some((role) => roles.includes(role))
    case 'except':
      return !audience.roles.some((role) => roles.includes(role))
  }
}
