import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CorsSettings } from '../config/read-cors.ts'

/** How long a browser remembers what it was told before a request. Chrome listens to two hours at most. */
const preflightSeconds = 7_200

/**
 * Says whether a page of another origin may ask. Before anything else is looked at, so that also what is refused can be read by a page that may.
 *
 * @param cors null: no other origin is let in, and nothing is said of any
 * @returns true for a question that browsers ask beforehand: it is answered
 */
export function answerCors(request: IncomingMessage, response: ServerResponse, cors: CorsSettings | null): boolean {
  const { origin } = request.headers
  const isQuestion = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  // What is said depends on who asks, also where nothing is said.
  if (cors !== null) response.setHeader('vary', 'Origin')
  const isAllowed = origin !== undefined && cors !== null && isAllowedOrigin(origin, cors)
  if (isAllowed) {
    response.setHeader('access-control-allow-origin', cors.origins[0] === '*' ? '*' : origin)
    if (cors.credentials) response.setHeader('access-control-allow-credentials', 'true')
  }
  if (!isQuestion) return false
  if (isAllowed) answerQuestion(request, response)
  response.writeHead(isAllowed ? 204 : 403, { 'content-length': 0 }).end()
  return true
}

function answerQuestion({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-max-age', preflightSeconds)
  const asked = headers['access-control-request-headers'] ?? ''
  // Whoever may ask at all may send what it likes; what is sent back is but names of headers.
  if (/^[\w-]+(\s*,\s*[\w-]+)*$/.test(asked)) response.setHeader('access-control-allow-headers', asked)
}

/** True for an origin whose pages may ask. */
export function isAllowedOrigin(origin: string, { origins }: CorsSettings): boolean {
  if (origins === 'local') return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(origin)
  return origins[0] === '*' || origins.includes(origin)
}
