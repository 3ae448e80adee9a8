import type { IncomingMessage } from 'node:http'
import { RequestError } from '#base'

/** Why a request is refused before anybody looks who sent it, with the HTTP status of the answer. */
export interface RequestRefusal {
  readonly status: number
  readonly error: RequestError
}

/** Headers that a browser sends to another site only after asking it. */
export const preflightedHeaders = [
  'authorization',
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-graphql-yoga-csrf',
] as const

/** Types of bodies that are read. A page of another site cannot send them without asking first, unlike those of forms. */
const bodyTypes: ReadonlySet<string> = new Set(['application/json', 'application/graphql+json'])

/** What is wrong with a request by its headers alone; null: nothing. */
export function requestRefusal(request: IncomingMessage, maxBodyBytes: number): RequestRefusal | null {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD')
    return isPreflighted(request) ? unreadable(request) : refusal(403, 'FORBIDDEN', unasked)
  if (method !== 'POST') return null
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity')
    return refusal(415, 'VALIDATION', 'The body is compressed, which is not read here. Send it as it is.')
  if (!bodyTypes.has(mediaType(headers)))
    return refusal(
      415,
      'VALIDATION',
      'The body is of a type that is not read here. Send JSON, with "content-type: application/json".',
    )
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return tooLong(maxBodyBytes)
  return null
}

/** LIMIT, for a body that is longer than it said, too. */
export function tooLong(most: number): RequestRefusal {
  const message = `The body has more than ${most} bytes. Send less at once.`
  return { status: 413, error: new RequestError('LIMIT', message, { limit: 'maxBodyBytes', most }) }
}

const unasked = `A GET request needs a header that pages of other sites cannot send unasked: "authorization" or "graphql-require-preflight: 1".`

/** A page of any site can make a browser send a GET without any; then the browser's own rights would read for it. */
function isPreflighted({ headers }: IncomingMessage): boolean {
  return preflightedHeaders.some((name) => headers[name] !== undefined) || bodyTypes.has(mediaType(headers))
}

/** Clients say it of a GET too, as Apollo does. */
function mediaType(headers: IncomingMessage['headers']): string {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function unreadable({ url = '' }: IncomingMessage): RequestRefusal | null {
  const given = new URLSearchParams(url.slice(url.indexOf('?') + 1))
  const wrong = ['variables', 'extensions'].find((name) => !isJson(given.get(name) || 'null'))
  return wrong === undefined ? null : refusal(400, 'VALIDATION', `"${wrong}" of the address is no JSON.`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function refusal(status: number, code: 'FORBIDDEN' | 'VALIDATION', message: string): RequestRefusal {
  return { status, error: new RequestError(code, message) }
}
