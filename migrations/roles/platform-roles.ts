import { fitIdentifier, OperatorError, snakeCase } from '#base'
import { isMarkerPlaceholder } from '#policies'
import { reservedRoleEnd } from '#schema'
import type { RoleName } from '../catalog/catalog.ts'

/** Names of an app's roles in a cluster. Roles are global to a cluster, hence the prefix. */
export interface PlatformRoles {
  /** Name of the app in snake case; in tests a random one. */
  readonly prefix: string
  readonly owner: string
  readonly private: string
  /** Only apps with reports have it. */
  readonly reports: string
  /** Only apps that search have it. */
  readonly search: string
  /** Owns the queue of jobs, and has nothing of the app. */
  readonly queueKeeper: string
  /** Adds jobs to the queue, and does nothing else. */
  readonly queue: string
  /** Takes jobs from the queue and settles them, and does nothing else. */
  readonly jobs: string
  readonly member: string
  readonly anonymous: string
  /** What the server connects as. */
  readonly login: string
}

/**
 * The fixed names of an app's roles.
 *
 * @param login another name for the login, when the operator made one
 * @throws ROLE_TAKEN when the prefix is no beginning of a role name
 */
export function platformRoles(prefix: string, login = `${prefix}_login`): PlatformRoles {
  if (!/^[a-z][a-z0-9_]*$/.test(prefix) || prefix.length > maxPrefixLength) {
    throw taken(prefix, 'it must be of small letters, digits and "_", at most 46 characters')
  }
  return {
    prefix,
    owner: `${prefix}_owner`,
    private: `${prefix}_private`,
    reports: `${prefix}_reports`,
    search: `${prefix}_search`,
    queueKeeper: `${prefix}_queue_keeper`,
    queue: `${prefix}_queue`,
    jobs: `${prefix}_jobs`,
    member: `${prefix}_member`,
    anonymous: `${prefix}_anonymous`,
    login,
  }
}

/**
 * Name of an app role: `salesLead` → `invoicing_sales_lead`.
 *
 * @throws ROLE_TAKEN when that name has, or could have for another app, a meaning of its own
 */
export function appRoleName(names: PlatformRoles, role: string): string {
  const name = fitIdentifier(`${names.prefix}_${snakeCase(role)}`)
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw taken(name, 'it must be of small letters, digits and "_"')
  if (reservedRoleEnd.test(name)) throw taken(name, 'names with such an end belong to Rowhouse')
  return name
}

/** Name that a placeholder stands for: `:OWNER` → `invoicing_owner`, `:ROLE_SALES` → `invoicing_sales`. */
export function resolveRole(names: PlatformRoles, placeholder: RoleName): string {
  const fixed = fixedRoles(names)[placeholder]
  if (fixed !== undefined) return fixed
  if (isMarkerPlaceholder(placeholder))
    return fitIdentifier(`${names.prefix}${placeholder.replace(':', '_').toLowerCase()}`)
  if (placeholder.startsWith(':ROLE_')) return appRoleName(names, placeholder.slice(6).toLowerCase())
  throw new TypeError(`Not a role placeholder: ${placeholder}.`)
}

/** Placeholder → name, as graphile-migrate takes it. */
export function rolePlaceholders(
  names: PlatformRoles,
  placeholders: readonly RoleName[],
): Readonly<Record<string, string>> {
  const all = placeholders.map((placeholder) => [placeholder, resolveRole(names, placeholder)] as const)
  return { ...fixedRoles(names), ...Object.fromEntries(all) }
}

/** SQL with every placeholder replaced by its name. */
export function replacePlaceholders(text: string, names: PlatformRoles): string {
  return text.replaceAll(/:[A-Z][A-Z0-9_]*/g, (placeholder) => resolveRole(names, placeholder as RoleName))
}

// Leaves room for "_set_" and twelve digits.
const maxPrefixLength = 46

function fixedRoles(names: PlatformRoles): Readonly<Record<string, string>> {
  return {
    ':OWNER': names.owner,
    ':PRIVATE': names.private,
    ':REPORTS': names.reports,
    ':SEARCH': names.search,
    ':QUEUE_KEEPER': names.queueKeeper,
    ':QUEUE': names.queue,
    ':JOBS': names.jobs,
    ':MEMBER': names.member,
    ':ANONYMOUS': names.anonymous,
  }
}

function taken(name: string, reason: string): OperatorError {
  return new OperatorError(
    'ROLE_TAKEN',
    `"${name}" cannot name a role in Postgres: ${reason}.`,
    'Rename the app or its role.',
  )
}
