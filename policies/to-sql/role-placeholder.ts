import { Bug, snakeCase } from '#base'
import type { Audience } from '#schema'

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

/** The roles that a rule's audience stands for, sorted. Included roles need no mention: they are members. */
export function audienceRoles(audience: Audience): readonly RolePlaceholder[] {
  if (audience.kind === 'everyone') return [anonymous, member]
  if (audience.kind === 'signedIn') return [member]
  if (audience.kind === 'except') throw new Bug('`everyoneExcept` is not compiled yet.')
  return [...new Set(audience.roles.map(rolePlaceholder))].sort()
}
