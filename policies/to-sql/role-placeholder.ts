import { snakeCase } from '#base'
import type { Audience } from '#schema'

/** Placeholder of a Postgres role in generated SQL, as graphile-migrate replaces it: `:OWNER`, `:ROLE_SALES`. */
export type RolePlaceholder = `:${string}`

/** Owner of the tables. */
export const owner: RolePlaceholder = ':OWNER'
/** Owner of the definer functions. */
export const privateRole: RolePlaceholder = ':PRIVATE'
/** Owner of the selects of reports: it sees the live rows of the tenant, and may do nothing else. */
export const reportsRole: RolePlaceholder = ':REPORTS'
/** Owner of the functions that find rows by words: it sees the rows of the tenant that hold them, and may do nothing else. */
export const searchRole: RolePlaceholder = ':SEARCH'
/** Everyone signed in. */
export const member: RolePlaceholder = ':MEMBER'
/** Visitors. */
export const anonymous: RolePlaceholder = ':ANONYMOUS'

/** Placeholder of a role of the app: `salesLead` → `:ROLE_SALES_LEAD`. */
export function rolePlaceholder(role: string): RolePlaceholder {
  return `:ROLE_${snakeCase(role).toUpperCase()}`
}

/** Placeholder of the marker role of `everyoneExcept`: `:NOT_ADMIN`, of several `:NOT_ADMIN__SALES`. Snake case has no `__` of its own. */
export function exceptPlaceholder(roles: readonly string[]): RolePlaceholder {
  return `:NOT_${upper([...roles].sort()).join('__')}`
}

/** Placeholder of the marker role of who has all of some roles, and none of others: `:BOTH_AGENT__VIEWER`, `:BOTH_AGENT__NOT_ADMIN`. */
export function bothPlaceholder(all: readonly string[], except: readonly string[]): RolePlaceholder {
  const without = upper([...except].sort()).map((role) => `NOT_${role}`)
  return `:BOTH_${[...upper([...all].sort()), ...without].join('__')}`
}

/** True for the placeholder of a marker role. */
export function isMarkerPlaceholder(role: string): boolean {
  return /^:(?:NOT|BOTH)_[A-Z]/.test(role)
}

/** Who a marker role holds for, as its placeholder says: names in snake case. */
export function heldByMarker(marker: RolePlaceholder): { readonly all: string[]; readonly except: string[] } {
  const [, kind, list = ''] = /^:(NOT|BOTH)_(.*)$/.exec(marker) ?? []
  const words = list.toLowerCase().split('__')
  if (kind === 'NOT') return { all: [], except: words }
  const isExcept = (word: string) => word.startsWith('not_')
  return {
    all: words.filter((word) => !isExcept(word)),
    except: words.filter(isExcept).map((word) => word.slice('not_'.length)),
  }
}

function upper(roles: readonly string[]): readonly string[] {
  return roles.map((role) => snakeCase(role).toUpperCase())
}

/** The roles that a rule's audience stands for, sorted. Included roles need no mention: they are members. */
export function audienceRoles(audience: Audience): readonly RolePlaceholder[] {
  if (audience.kind === 'everyone') return [anonymous, member]
  if (audience.kind === 'signedIn') return [member]
  if (audience.kind === 'except') return [exceptPlaceholder(audience.roles)]
  return [...new Set(audience.roles.map(rolePlaceholder))].sort()
}
