import { sha256 } from '#base'

/**
 * Name of the role set of a combination of app roles, given by their names in the model, in any order and with repetitions. Without any: signed in,
 * nothing more.
 *
 * @param app prefix of the app's roles
 */
export function roleSetName(app: string, roles: readonly string[]): string {
  return `${app}_set_${sha256([...new Set(roles)].sort().join(','), 12)}`
}
