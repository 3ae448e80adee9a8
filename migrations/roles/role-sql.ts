import { quoteIdentifier, quoteLiteral } from '#base'
import { heldRoles, markerRoles, signedInWord } from '#policies'
import type { Model } from '#schema'
import type { CatalogRole, RoleName } from '../catalog/catalog.ts'
import { appRoleName, type PlatformRoles, resolveRole } from './platform-roles.ts'
import { loginBecomes, type QueueRole } from './queue-roles.ts'
import { roleSetName } from './role-set-name.ts'

/**
 * SQL that makes the role set of some app roles as `migrate` does, for whoever may make roles when the migrator may not.
 *
 * @param model whose marker roles it joins where they hold for it
 */
export function roleSetSql(names: PlatformRoles, roles: readonly string[], model: Model): readonly string[] {
  const set = roleSetName(names.prefix, roles)
  const markers = markersOfSet(roles, model).map((marker) => resolveRole(names, marker))
  const members = [names.member, ...new Set(roles.map((role) => appRoleName(names, role))), ...markers].map(
    quoteIdentifier,
  )
  return [
    ...createRole(set, 'nologin'),
    `grant ${members.join(', ')} to ${quoteIdentifier(set)};`,
    loginGrant(set, names.login),
  ]
}

/** The marker roles of the app that hold for who has these roles. */
export function markersOfSet(roles: readonly string[], model: Model): readonly RoleName[] {
  const held = new Set([...heldRoles(model, roles), signedInWord])
  return markerRoles(model)
    .filter(({ all, except }) => all.every((role) => held.has(role)) && !except.some((role) => held.has(role)))
    .map(({ name }) => name)
}

/** SQL that makes a group role of the app with its memberships. */
export function groupRoleSql(names: PlatformRoles, role: CatalogRole): readonly string[] {
  const name = resolveRole(names, role.name)
  const parents = role.memberOf.map((parent) => quoteIdentifier(resolveRole(names, parent)))
  return [
    ...createRole(name, 'nologin'),
    ...(parents.length === 0 ? [] : [`grant ${parents.join(', ')} to ${quoteIdentifier(name)};`]),
    ...(role.comment === null ? [] : [`comment on role ${quoteIdentifier(name)} is ${quoteLiteral(role.comment)};`]),
  ]
}

/** SQL that makes the login of the server; its password is set by hand. */
export function loginRoleSql(names: PlatformRoles): readonly string[] {
  const grants = loginBecomes(names).map((role) => loginGrant(role, names.login))
  return [...createRole(names.login, 'login noinherit'), ...grants]
}

/** SQL that makes a role of the queue of jobs. */
export function queueRoleSql({ name, comment }: QueueRole): readonly string[] {
  return [...createRole(name, 'nologin'), `comment on role ${quoteIdentifier(name)} is ${quoteLiteral(comment)};`]
}

/** Makes a role unless it is there, so that the text can be run again. */
export function createRole(name: string, options: string): readonly string[] {
  const create = `create role ${quoteIdentifier(name)} ${options};`
  const body = `begin if to_regrole(${quoteLiteral(quoteIdentifier(name))}) is null then ${create} end if; end`
  return [`do ${quoteLiteral(body)};`]
}

/** A login that does not inherit holds nothing of a role until it becomes it, on every version. */
function loginGrant(role: string, login: string): string {
  return `grant ${quoteIdentifier(role)} to ${quoteIdentifier(login)};`
}
