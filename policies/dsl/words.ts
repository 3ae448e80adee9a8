import { declare } from '#schema'
import type { Anything, Everyone, SignedIn } from '../types/audience.ts'

/** Everyone whose identity is known, whatever the roles. */
export const signedIn: SignedIn = declare('word', { word: 'signedIn' })

/** Everyone, visitors too. */
export const everyone: Everyone = declare('word', { word: 'everyone' })

/** Every verb of the entity, later ones too. */
export const anything: Anything = declare('word', { word: 'anything' })
