import { trustedProxies } from '../auth/client-address.ts'
import type { AppConfig } from './app-config.ts'
import type { Complain } from './read-settings.ts'
import type { Environment } from './settings.ts'

/** Networks of the proxies in front of the server; none unless somebody says so. */
export function readProxies(config: AppConfig, environment: Environment, complain: Complain): readonly string[] {
  const given = environment.ROWHOUSE_TRUSTED_PROXIES
  const networks = given ? given.split(',').map((each) => each.trim()) : (config.trustedProxies ?? [])
  if (trustedProxies(networks) !== null) return networks
  complain(
    `ROWHOUSE_TRUSTED_PROXIES is ${JSON.stringify(networks.join())}: say networks such as "10.0.0.0/8,fd00::/8".`,
  )
  return []
}
