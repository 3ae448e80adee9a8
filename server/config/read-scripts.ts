import type { ScriptSecret } from '#scripts'
import type { AppConfig } from './app-config.ts'
import { readScriptLimits, type ScriptLimitSettings } from './read-script-limits.ts'
import type { Complain, SettingsSource } from './read-settings.ts'

/** What scripts may reach beside the rows of their caller. */
export interface ScriptSettings extends ScriptLimitSettings {
  readonly hosts: readonly string[]
  /** With their values. Empty for commands that run no scripts. */
  readonly secrets: Readonly<Record<string, ScriptSecret>>
  /** What of it scripts may that tenants publish. */
  readonly published: { readonly hosts: readonly string[]; readonly secrets: readonly string[] }
}

/** Of an app that says nothing: no host, and no secret. */
export const noScriptSettings: ScriptSettings = { hosts: [], secrets: {}, published: { hosts: [], secrets: [] } }

type Source = Pick<SettingsSource, 'purpose' | 'environment'>

/** What a configuration gives to scripts. No complaint repeats a value of the environment. */
export function readScripts({ scripts }: AppConfig, source: Source, complain: Complain): ScriptSettings {
  if (scripts === undefined) return noScriptSettings
  if (!isRecord(scripts)) {
    complain('scripts: say `{ hosts: ["api.example.com"], secrets: { … } }`.')
    return noScriptSettings
  }
  complainOfOthers(
    'scripts',
    scripts,
    ['hosts', 'secrets', 'published', 'keepRunsDays', 'limits', 'perTenant'],
    complain,
  )
  const hosts = textsOf('scripts.hosts', scripts.hosts ?? [], complain)
  for (const host of hosts) if (!isHost(host)) complain(wrongHost('scripts.hosts', host))
  const named = isRecord(scripts.secrets ?? {}) ? (scripts.secrets ?? {}) : {}
  if (!isRecord(scripts.secrets ?? {}))
    complain('scripts.secrets: say `{ carrier: { variable: "CARRIER_KEY", hosts: […] } }`.')
  const secrets = Object.entries(named).flatMap(([name, secret]) => {
    const read = readSecret(`scripts.secrets.${name}`, secret, { ...source, hosts }, complain)
    return read === null ? [] : [[name, read] as const]
  })
  const published = readPublished(scripts.published ?? {}, { hosts, secrets: Object.keys(named) }, complain)
  return { hosts, secrets: Object.fromEntries(secrets), published, ...readScriptLimits({ scripts }, complain) }
}

interface SecretSource extends Source {
  readonly hosts: readonly string[]
}

function readSecret(at: string, secret: unknown, source: SecretSource, complain: Complain): ScriptSecret | null {
  if (!isRecord(secret) || typeof secret.variable !== 'string' || !/^[A-Z_][A-Z0-9_]*$/.test(secret.variable)) {
    // Who writes the value itself here should not find it in a log.
    complain(
      `${at}: say \`{ variable: "CARRIER_KEY", hosts: […] }\`, the name of an environment variable that holds it.`,
    )
    return null
  }
  complainOfOthers(at, secret, ['variable', 'hosts'], complain)
  const hosts = textsOf(`${at}.hosts`, secret.hosts ?? [], complain)
  if (hosts.length === 0) complain(`${at}.hosts names no host, so that it is of no use.`)
  for (const host of hosts) {
    if (!source.hosts.includes(host)) complain(`${at}.hosts has ${JSON.stringify(host)}, which scripts.hosts has not.`)
    if (host.startsWith('http://'))
      complain(`${at}.hosts has ${JSON.stringify(host)}: a secret is sent by TLS alone, to a host without "http://".`)
  }
  if (source.purpose !== 'dev' && source.purpose !== 'start') return null
  const value = source.environment[secret.variable] ?? ''
  const fault = faultOf(value)
  if (fault !== null) complain(`${at}: the environment variable ${secret.variable} ${fault}.`)
  return { value, hosts }
}

/** What a value cannot be, that is taken out of every answer and put into headers. */
function faultOf(value: string): string | null {
  if (value === '') return 'is not set'
  if (value.length < shortestSecret) return `has fewer than ${shortestSecret} characters, which is no secret`
  return /^[\x21-\x7e]+$/.test(value) ? null : 'has characters that no header can have, such as spaces or line breaks'
}

const shortestSecret = 8

function readPublished(
  published: unknown,
  known: Readonly<Record<'hosts' | 'secrets', readonly string[]>>,
  complain: Complain,
): ScriptSettings['published'] {
  const at = 'scripts.published'
  if (!isRecord(published)) {
    complain(`${at}: say \`{ hosts: […], secrets: […] }\`.`)
    return noScriptSettings.published
  }
  complainOfOthers(at, published, ['hosts', 'secrets'], complain)
  const read = (name: 'hosts' | 'secrets') => {
    const texts = textsOf(`${at}.${name}`, published[name] ?? [], complain)
    for (const text of texts)
      if (!known[name].includes(text))
        complain(`${at}.${name} has ${JSON.stringify(text)}, which scripts.${name} has not.`)
    return texts
  }
  return { hosts: read('hosts'), secrets: read('secrets') }
}

/** As requests of scripts compare it: a name in small letters, one of its parts left open at most, and a port. */
function isHost(host: string): boolean {
  return /^(https?:\/\/)?(\*\.[a-z0-9-]+\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/.test(host)
}

function wrongHost(at: string, host: string): string {
  return `${at} has ${JSON.stringify(host)}, which is no host: say such as "api.example.com", "*.example.com" or "api.example.com:8443".`
}

function textsOf(at: string, value: unknown, complain: Complain): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  complain(`${at} is no list of texts.`)
  return []
}

function complainOfOthers(at: string, given: object, names: readonly string[], complain: Complain): void {
  for (const name of Object.keys(given))
    if (!names.includes(name)) complain(`${at} has no "${name}": it has ${names.join(', ')}.`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
