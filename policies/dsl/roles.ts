import { callSite, declare, type RoleSet } from '#schema'
import type { Role } from '../types/role.ts'

/** Declares the roles of the app, each with a note on what it is for. */
export function defineRoles<const Name extends string>(
  roles: {
    readonly [K in Name]: Role<NoInfer<Name>>
  },
): RoleSet<Name> {
  return declare('roles', { roles, at: callSite() })
}
