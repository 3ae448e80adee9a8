import type { AppConfig } from './app-config.ts'
import type { Complain } from './read-settings.ts'
import type { Purpose } from './settings.ts'

/** Which pages of other origins may ask. */
export interface CorsSettings {
  /** Exact origins; `['*']`: all of them; `local`: pages of this machine, on any port. */
  readonly origins: readonly string[] | 'local'
  /** Whether browsers send cookies, and tell their page what came back. */
  readonly credentials: boolean
}

/** Nobody is let in from outside unless the app says so; in `dev`, pages of this machine are. */
export function readCors({ cors }: AppConfig, purpose: Purpose, complain: Complain): CorsSettings | null {
  if (cors === undefined) return purpose === 'dev' ? { origins: 'local', credentials: false } : null
  if (typeof cors !== 'object' || cors === null || !Array.isArray(cors.origins)) {
    complain('cors: say `{ origins: ["https://app.example"] }`.')
    return null
  }
  const { origins, credentials = false } = cors
  for (const origin of origins) if (!isOrigin(origin)) complain(wrongOrigin(origin))
  if (typeof credentials !== 'boolean')
    complain(`cors.credentials is ${JSON.stringify(credentials)}: say true or false.`)
  if (origins.includes('*') && credentials)
    complain('cors.origins is "*" with credentials: any page could ask as whoever is signed in. Name the origins.')
  if (origins.includes('*') && origins.length > 1) complain('cors.origins has "*" beside others: say it alone.')
  return { origins, credentials: credentials === true }
}

/** As browsers write it in the header `origin`: nothing behind the port, no standard port, small letters. */
function isOrigin(text: unknown): boolean {
  if (text === '*') return true
  if (typeof text !== 'string' || text.includes('*') || !URL.canParse(text)) return false
  const { origin, protocol } = new URL(text)
  return origin === text && ['http:', 'https:'].includes(protocol)
}

function wrongOrigin(origin: unknown): string {
  const canonical =
    typeof origin === 'string' && !origin.includes('*') && URL.canParse(origin) ? new URL(origin).origin : null
  const instead = canonical === null || canonical === 'null' ? 'https://app.example' : canonical
  return `cors.origins has ${JSON.stringify(origin)}, which is no origin: say such as ${JSON.stringify(instead)}.`
}
