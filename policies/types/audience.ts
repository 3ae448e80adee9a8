import type { RoleName } from '#schema'

declare const word: unique symbol

/** `signedIn`: everyone whose identity is known. */
export interface SignedIn {
  /** Only in types. */
  readonly [word]: 'signedIn'
}

/** `everyone`: visitors too. */
export interface Everyone {
  /** Only in types. */
  readonly [word]: 'everyone'
}

/** `everyoneExcept('admin')`: everyone, visitors too, but who has one of the roles. */
export interface EveryoneExcept {
  /** Only in types. */
  readonly [word]: 'everyoneExcept'
}

/** `anything`: every verb of the entity, later ones too. */
export interface Anything {
  /** Only in types. */
  readonly [word]: 'anything'
}

/** Whom a rule may allow something. */
export type Allowed = RoleName | readonly [RoleName, ...RoleName[]] | SignedIn | Everyone | EveryoneExcept

/** Whom a rule may deny something. No roles: gaining a role never loses rights. */
export type Denied = SignedIn | Everyone | EveryoneExcept
