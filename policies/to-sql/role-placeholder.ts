import { snakeCase } from '#base'
import type { Audience, Model } from '#schema'

/** Placeholder of a Postgres role in generated SQL, as graphile-migrate replaces it: `:OWNER`, `:ROLE_SALES`. */
export type RolePlaceholder = `:${string}`

/** Owner of the tables. */
export const owner: RolePlaceholder = ':OWNER'
/** Owner of the definer functions. */
export const privateRole: RolePlaceholder = ':PRIVATE'
/** Owner of the selects of reports: it sees the live rows of the tenant, and may do nothing else. */
export const reportsRole: RolePlaceholder = ':REPORTS'
/** Everyone signed in. */
export const member: RolePlaceholder = ':MEMBER'
/** Visitors. */
export const anonymous: RolePlaceholder = ':ANONYMOUS'

/** Placeholder of a role of the app: `salesLead` → `:ROLE_SALES_LEAD`. */
export function rolePlaceholder(role: string): RolePlaceholder {
  return `:ROLE_${snakeCase(role).toUpperCase()}`
}

/** A role that holds for everyone, visitors too, but who has one of some roles of the app. */
export interface MarkerRole {
  readonly name: RolePlaceholder
  /** Names in the model, sorted. */
  readonly except: readonly string[]
}

/** Placeholder of a marker role: `:NOT_ADMIN`, of several `:NOT_ADMIN__SALES`. Snake case has no `__` of its own. */
function markerPlaceholder(roles: readonly string[]): RolePlaceholder {
  return `:NOT_${[...roles]
    .sort()
    .map((role) => snakeCase(role).toUpperCase())
    .join('__')}`
}

/** The marker roles that the rules of an app need, sorted by name. */
export function markerRoles({ policies }: Pick<Model, 'policies'>): readonly MarkerRole[] {
  const found = new Map<RolePlaceholder, MarkerRole>()
  for (const { audience } of policies.flatMap(({ rules }) => rules)) {
    if (audience.kind !== 'except') continue
    const name = markerPlaceholder(audience.roles)
    found.set(name, { name, except: [...audience.roles].sort() })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The roles that a rule's audience stands for, sorted. Included roles need no mention: they are members. */
export function audienceRoles(audience: Audience): readonly RolePlaceholder[] {
  if (audience.kind === 'everyone') return [anonymous, member]
  if (audience.kind === 'signedIn') return [member]
  if (audience.kind === 'except') return [markerPlaceholder(audience.roles)]
  return [...new Set(audience.roles.map(rolePlaceholder))].sort()
}
