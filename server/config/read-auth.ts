import type { AppConfig } from './app-config.ts'
import type { Complain, SettingsSource } from './read-settings.ts'
import type { AuthSettings } from './settings.ts'

/** Who signs the tokens that `start` believes: all three settings or none; `start` cannot do without. */
export function readAuth(config: AppConfig, source: SettingsSource, complain: Complain): AuthSettings | null {
  const { environment, purpose } = source
  const given = {
    jwksUrl: environment.ROWHOUSE_JWKS_URL || config.auth?.jwksUrl || '',
    issuer: environment.ROWHOUSE_JWT_ISSUER || config.auth?.issuer || '',
    audience: environment.ROWHOUSE_JWT_AUDIENCE || config.auth?.audience || '',
  }
  const names = {
    jwksUrl: 'ROWHOUSE_JWKS_URL',
    issuer: 'ROWHOUSE_JWT_ISSUER',
    audience: 'ROWHOUSE_JWT_AUDIENCE',
  } as const
  const absent = Object.entries(names).filter(([key]) => given[key as keyof typeof given] === '')
  if (absent.length === 3 && purpose !== 'start') return null
  for (const [key, name] of absent)
    complain(`${name} (or auth.${key}) is not set: "${purpose}" needs it to check tokens.`)
  if (given.jwksUrl !== '' && !isWebAddress(given.jwksUrl)) {
    complain('ROWHOUSE_JWKS_URL (or auth.jwksUrl) is no https:// address; http:// is accepted for this machine alone.')
  }
  return given
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  // Keys fetched in the clear from elsewhere could be anybody's.
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}
