import type { ScriptHost } from '#scripts'
import { noScriptSettings, type ScriptSettings } from '../config/read-scripts.ts'

type Reach = Pick<ScriptHost, 'http' | 'secrets'>

/** What the app's own scripts reach beside rows. */
export function reachOf({ hosts, secrets }: ScriptSettings): Reach {
  return { http: { allow: hosts }, secrets }
}

/** What a script reaches that a tenant published: what the app gives to such scripts. */
export function publishedReach(host: ScriptHost, settings: ScriptSettings = noScriptSettings): ScriptHost {
  const { hosts, secrets: names } = settings.published
  const secrets = Object.fromEntries(
    names.flatMap((name) => {
      const secret = settings.secrets[name]
      // To the hosts that tenants have, whatever else it is for.
      return secret === undefined
        ? []
        : [[name, { ...secret, hosts: secret.hosts.filter((each) => hosts.includes(each)) }]]
    }),
  )
  return { ...host, http: { ...host.http, allow: hosts }, secrets }
}
