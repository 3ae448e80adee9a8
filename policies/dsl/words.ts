import { declare, type RoleName } from '#schema'
import type { Anything, Everyone, EveryoneExcept, SignedIn } from '../types/audience.ts'

/** Everyone whose identity is known, whatever the roles. */
export const signedIn: SignedIn = declare('word', { word: 'signedIn' })

/** Everyone, visitors too. */
export const everyone: Everyone = declare('word', { word: 'everyone' })

/** Everyone, visitors too, but whoever has one of these roles or a role that includes one. */
export function everyoneExcept(...roles: readonly [RoleName, ...RoleName[]]): EveryoneExcept {
  return declare('except', { roles })
}

/** Every verb of the entity, later ones too. */
export const anything: Anything = declare('word', { word: 'anything' })
