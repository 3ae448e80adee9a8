import type { Audience, Model } from '#schema'
import type { Caller } from './world.ts'

/** The roles of a caller with those that they include. */
export function rolesOf(caller: Caller, model: Model): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const each of model.roles.find((role) => role.name === name)?.includes ?? []) add(each)
  }
  for (const role of caller.roles ?? []) add(role)
  return found
}

/** Whether a rule speaks of the caller. */
export function isAmong(audience: Audience, caller: Caller, model: Model): boolean {
  const has = (roles: readonly string[]): boolean => {
    const held = rolesOf(caller, model)
    return roles.some((role) => held.has(role))
  }
  switch (audience.kind) {
    case 'everyone':
      return true
    case 'signedIn':
      return caller.roles !== null
    case 'roles':
      return has(audience.roles)
    case 'except':
      return !has(audience.roles)
  }
}
