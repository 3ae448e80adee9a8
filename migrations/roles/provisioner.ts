import { OperatorError } from '#base'
import { checkServerVersion } from '../connect/check-server-version.ts'
import { connect } from '../connect/connect.ts'
import type { PlatformRoles } from './platform-roles.ts'
import { roleSetName } from './role-set-name.ts'
import { ensureRoleSets } from './role-sets.ts'

/** Makes role sets at run time, for combinations that nobody had before. */
export interface Provisioner {
  /**
   * Name of the role set of these app roles, made now if it is new. Requests for the same combination share one attempt; a failed attempt is not
   * remembered.
   *
   * @throws PROVISIONER_REFUSED for a name that is no role of the app
   * @throws ROLE_SETS_FULL, ROLE_UNSAFE, DATABASE_UNREACHABLE
   */
  ensure(roles: readonly string[]): Promise<string>
}

/** What a provisioner works on. */
export interface ProvisionerOptions {
  /** Address with a login of its own that has CREATEROLE; never the one that serves requests. */
  readonly url: string
  readonly names: PlatformRoles
  /** The app's roles by their names in the model. Nothing else can become part of a set. */
  readonly roles: readonly string[]
}

/**
 * Opens a provisioner. It connects only while it makes a set, which is rare.
 *
 * @throws PROVISIONER_REFUSED before Postgres 16, where a login with CREATEROLE can make itself superuser
 */
export async function openProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  const client = await connect(options.url, { applicationName: 'rowhouse provisioner' })
  try {
    const { major, text } = await checkServerVersion(client)
    if (major < 16) throw refuseOld(text)
  } finally {
    await client.end()
  }
  const sets = new Map<string, Promise<string>>()
  return {
    ensure: async (roles) => {
      const stranger = roles.find((role) => !options.roles.includes(role))
      if (stranger !== undefined) throw refuseStranger(stranger)
      const name = roleSetName(options.names.prefix, roles)
      let made = sets.get(name)
      if (made === undefined) {
        made = makeSet(options, roles)
        sets.set(name, made)
        made.catch(() => sets.delete(name))
      }
      return made
    },
  }
}

async function makeSet(options: ProvisionerOptions, roles: readonly string[]): Promise<string> {
  const client = await connect(options.url, { applicationName: 'rowhouse provisioner' })
  try {
    const [name] = await ensureRoleSets(client, options.names, [roles])
    return name!
  } finally {
    await client.end()
  }
}

function refuseOld(version: string): OperatorError {
  return new OperatorError(
    'PROVISIONER_REFUSED',
    `ROWHOUSE_PROVISION_URL leads to Postgres ${version}, where a login with CREATEROLE can make itself superuser.`,
    'Unset it: "rowhouse migrate" makes the role sets ahead. Or upgrade to Postgres 16 or later.',
  )
}

function refuseStranger(role: string): OperatorError {
  return new OperatorError(
    'PROVISIONER_REFUSED',
    `${JSON.stringify(role)} is no role of the app.`,
    'Drop unknown names of a token before looking for its role set.',
  )
}
