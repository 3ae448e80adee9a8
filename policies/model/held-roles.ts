import type { Model } from '#schema'

/** The roles with those that they include, those in turn too. */
export function heldRoles(model: Pick<Model, 'roles'>, roles: readonly string[]): ReadonlySet<string> {
  const held = new Set(roles)
  // Grows while it is read.
  for (const name of held)
    for (const each of model.roles.find((role) => role.name === name)?.includes ?? []) held.add(each)
  return held
}
