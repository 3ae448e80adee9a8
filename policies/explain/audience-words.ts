import type { Audience, Model, Role } from '#schema'
import { listed, spaced } from './names.ts'

/** Whom a rule speaks of: `sales, or lead which includes it`. */
export function audienceWords(audience: Audience, model: Pick<Model, 'roles'>): string {
  switch (audience.kind) {
    case 'everyone':
      return 'everyone, visitors too,'
    case 'signedIn':
      return 'everyone signed in'
    case 'except':
      return `everyone but ${listed(withHolders(audience.roles, model), 'and')}, visitors too,`
    case 'roles':
      return rolesWords(audience.roles, model)
  }
}

/** Whom a denial speaks of: `nobody who is signed in`. */
export function nobodyWords(audience: Audience, model: Pick<Model, 'roles'>): string {
  switch (audience.kind) {
    case 'everyone':
      return 'nobody'
    case 'signedIn':
      return 'nobody who is signed in'
    case 'except':
      return `nobody but ${listed(withHolders(audience.roles, model))}`
    case 'roles':
      return `nobody who is ${listed(audience.roles.map(spaced), 'or')}`
  }
}

/** Names of the roles, with those that have their rights by including them. */
function rolesWords(roles: readonly string[], model: Pick<Model, 'roles'>): string {
  const own = listed(roles.map(spaced))
  const others = holdersOf(roles, model)
  if (others.length === 0) return own
  const [verb, what] = [others.length > 1 ? 'include' : 'includes', roles.length > 1 ? 'one of them' : own]
  return `${own} (and ${listed(others.map(({ name }) => spaced(name)))}, which ${verb} ${what})`
}

function withHolders(roles: readonly string[], model: Pick<Model, 'roles'>): readonly string[] {
  return [...roles, ...holdersOf(roles, model).map(({ name }) => name)].map(spaced)
}

/** Other roles that include one of these, over any number of steps. */
function holdersOf(roles: readonly string[], { roles: all }: Pick<Model, 'roles'>): readonly Role[] {
  return all.filter(
    ({ name }) => !roles.includes(name) && rolesOf([name], { roles: all }).some((role) => roles.includes(role)),
  )
}

/** The roles and all that they include. */
export function rolesOf(names: readonly string[], { roles }: Pick<Model, 'roles'>): readonly string[] {
  const found = new Set<string>()
  const pending = [...names]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue
    found.add(name)
    pending.push(...(roles.find((role) => role.name === name)?.includes ?? []))
  }
  return [...found]
}
