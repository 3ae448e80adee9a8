import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RequestError, type RequestErrorCode } from '#base'
import type { CorsSettings } from '../../config/read-cors.ts'
import { isAllowedOrigin } from '../cors.ts'

/** Why a connection becomes no WebSocket, told over HTTP. */
export interface UpgradeRefusal {
  readonly status: 403 | 404 | 429 | 503
  readonly error: RequestError
}

/** A refusal with a code of the catalogue. */
export function refusal(
  status: UpgradeRefusal['status'],
  code: RequestErrorCode,
  told: { readonly message: string; readonly [name: string]: unknown },
): UpgradeRefusal {
  const { message, ...extensions } = told
  return { status, error: new RequestError(code, message, extensions) }
}

/**
 * Browsers ask nobody before a page of another site opens a WebSocket, and send along what they send to the site itself: all that stands against it is the `origin` that they name.
 * What is no browser names none.
 */
export function originRefusal({ headers }: IncomingMessage, cors: CorsSettings | null): UpgradeRefusal | null {
  const { origin, host } = headers
  if (origin === undefined || isSame(origin, host) || (cors !== null && isAllowedOrigin(origin, cors))) return null
  return refusal(403, 'FORBIDDEN', { message: 'Pages of this origin may not ask here.' })
}

const statusTexts = { 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests', 503: 'Service Unavailable' }

/** Answers what wanted to become a WebSocket, and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, error }: UpgradeRefusal): void {
  const { code, message, extensions } = error
  const body = JSON.stringify({ errors: [{ message, extensions: { code, ...extensions } }] })
  const head = [
    `HTTP/1.1 ${status} ${statusTexts[status]}`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 429 || status === 503 ? ['retry-after: 1'] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Behind a proxy that speaks TLS for us nobody knows which of the two schemes the page should have. */
function isSame(origin: string, host: string | undefined): boolean {
  if (!/^https?:\/\//.test(origin) || host === undefined || !/^[\w.:[\]-]+$/.test(host)) return false
  const own = `${origin.slice(0, origin.indexOf('//'))}//${host}`
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).origin === new URL(own).origin
}
