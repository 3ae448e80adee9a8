import {
  anonymous,
  type MarkerRole,
  member,
  owner,
  privateRole,
  reportsRole,
  rolePlaceholder,
  searchRole,
} from '#policies'
import type { Role } from '#schema'
import { markerComment } from '../roles/marker-roles.ts'
import type { CatalogRole } from './catalog.ts'

/** Group roles of an app: the platform's, then the app's own, each after the ones that it is a member of. */
export function catalogRoles(
  roles: readonly Role[],
  markers: readonly MarkerRole[] = [],
  has: { readonly reports?: boolean; readonly search?: boolean } = {},
): readonly CatalogRole[] {
  return [
    { name: owner, memberOf: [], comment: 'Owns schemas and tables; migrations run as it.' },
    { name: privateRole, memberOf: [], comment: 'Owns the functions that decide rules.' },
    ...(has.reports === true ? [{ name: reportsRole, memberOf: [], comment: 'Owns the selects of reports.' }] : []),
    ...(has.search === true
      ? [{ name: searchRole, memberOf: [], comment: 'Owns the functions that find rows by words.' }]
      : []),
    { name: member, memberOf: [], comment: 'Everyone signed in.' },
    ...markers.map((marker) => ({ name: marker.name, memberOf: [], comment: markerComment(marker) })),
    { name: anonymous, memberOf: ofVisitors(markers), comment: 'Visitors.' },
    ...inOrder(roles).map((role) => ({
      name: rolePlaceholder(role.name),
      memberOf: role.includes.map(rolePlaceholder).sort(),
      comment: role.note,
    })),
  ]
}

function ofVisitors(markers: readonly MarkerRole[]): CatalogRole['memberOf'] {
  return markers.filter(({ all }) => all.length === 0).map(({ name }) => name)
}

function inOrder(roles: readonly Role[]): readonly Role[] {
  const done = new Set<string>()
  const result: Role[] = []
  const visit = (role: Role): void => {
    if (done.has(role.name)) return
    done.add(role.name)
    roles.filter((each) => role.includes.includes(each.name)).forEach(visit)
    result.push(role)
  }
  ;[...roles].sort((a, b) => (a.name < b.name ? -1 : 1)).forEach(visit)
  return result
}
