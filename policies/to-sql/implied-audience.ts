import type { Audience } from '#schema'
import type { ModelIndex } from './model-index.ts'
import { anonymous, audienceRoles, member, type RolePlaceholder, rolePlaceholder } from './role-placeholder.ts'

/** True when whoever is in one audience is in the other too. */
export function impliesAudience(one: Audience, other: Audience, { model }: ModelIndex): boolean {
  const wide = new Set<string>(audienceRoles(other))
  return audienceRoles(one).every((role) => {
    if (wide.has(role)) return true
    // Visitors, and who lacks some role, may be nobody that is known.
    if (role === anonymous || role.startsWith(':NOT_')) return wide.has(anonymous) && wide.has(member)
    return wide.has(member) || heldBy(role, model.roles).some((each) => wide.has(each))
  })
}

/** Roles that somebody with this one has too. */
function heldBy(
  role: RolePlaceholder,
  roles: ModelIndex['model']['roles'],
  seen = new Set<string>(),
): readonly string[] {
  const own = roles.find(({ name }) => rolePlaceholder(name) === role)
  if (own === undefined || seen.has(own.name)) return []
  seen.add(own.name)
  return own.includes.flatMap((name) => [rolePlaceholder(name), ...heldBy(rolePlaceholder(name), roles, seen)])
}
