import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestError, requestErrorStatus } from '#base'

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

/**
 * Answers a GraphQL request that did not get as far as GraphQL, in the form that its client expects.
 *
 * @param status that of the code when left out
 */
export function sendRequestError(
  request: IncomingMessage,
  response: ServerResponse,
  error: RequestError,
  status = requestErrorStatus[error.code],
): void {
  const isGraphqlResponse = request.headers.accept?.includes('application/graphql-response+json') === true
  response.writeHead(status, {
    'content-type': `application/${isGraphqlResponse ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  })
  response.end(
    JSON.stringify({ errors: [{ message: error.message, extensions: { code: error.code, ...error.extensions } }] }),
  )
  // The rest of a body that nobody reads would keep the connection busy.
  request.resume()
}
