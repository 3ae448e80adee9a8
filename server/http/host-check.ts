import type { IncomingMessage } from 'node:http'

/**
 * True when a `host` header names this machine or a host that the operator named. A page that a browser loads under
 * somebody else's name (DNS rebinding) must not get what is meant for the developer.
 */
export function isOwnHost(header: string | undefined, allowed: readonly string[]): boolean {
  if (header === undefined) return false
  const host = hostName(header)
  return host !== null && ['localhost', '127.0.0.1', '[::1]', ...allowed].includes(host)
}

/** False when a browser says that another site asks. Browsers that do not say so ask across sites only with an `origin`. */
export function isSameOrigin({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

function hostName(header: string): string | null {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.exec(header)
  return match?.[1]?.toLowerCase() ?? null
}
