import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestError, requestErrorStatus } from '#base'
import { endBehindBody } from './end-behind-body.ts'

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.write(text)
  endBehindBody(response.req, response)
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
  const text = JSON.stringify({
    errors: [{ message: error.message, extensions: { code: error.code, ...error.extensions } }],
  })
  response.writeHead(status, {
    'content-type': `application/${isGraphqlResponse ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  })
  response.write(text)
  endBehindBody(request, response)
}
