import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import { RequestError, requestErrorStatus, requestErrors } from '#base'
import { HintedError } from '../hinted-error.ts'
import type { ConstraintFields } from './constraint-fields.ts'
import type { Log } from './log-event.ts'
import { translateError } from './translate-error.ts'

/** Turns whatever was thrown into what the caller is told. */
export type MaskError = (error: unknown) => GraphQLError

/**
 * Makes the one gate that every error of the API passes: a code of the catalogue, a safe sentence, nothing else.
 *
 * @param suggests whether names of the schema may be told to who misspelt one
 */
export function createMaskError(names: ConstraintFields, log: Log, suggests = true): MaskError {
  return (error) => {
    const cause = rootCause(error)
    const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : nowhere
    if (cause instanceof GraphQLError && !isBroken(cause)) {
      const message = messageOf(error, cause)
      return asRequestFault(cause, place, shortened(suggests ? message : withoutSuggestion(message)))
    }
    const translated = translateError(cause, names)
    const known = translated instanceof HintedError && !suggests ? translated.withoutHint() : translated
    if (known?.code === 'UNAVAILABLE') log({ kind: 'connection-lost', error: cause })
    if (known !== null) return toGraphqlError(known, place)
    const id = randomUUID()
    log({ kind: 'internal-error', id, error: cause })
    return toGraphqlError(new RequestError('INTERNAL', 'Something went wrong on our side.', { id }), place)
  }
}

/** A {@link RequestError} as GraphQL sends it. */
function toGraphqlError(error: RequestError, place: Place): GraphQLError {
  return new GraphQLError(error.message, {
    ...placeOptions(place),
    extensions: {
      code: error.code,
      ...error.extensions,
      ...(error.code === 'UNAVAILABLE' ? { http: unavailable } : {}),
    },
  })
}

/** Whatever the client accepts: who stands in between sends the next request elsewhere. */
const unavailable = { status: requestErrorStatus.UNAVAILABLE, headers: { 'retry-after': '1' } }

interface Place {
  readonly nodes: GraphQLError['nodes']
  readonly path: GraphQLError['path']
}

const nowhere: Place = { nodes: undefined, path: undefined }

function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError
  return cause
}

function placeOptions({ nodes, path }: Place): Pick<GraphQLErrorOptions, 'nodes' | 'path'> {
  return { ...(nodes === undefined ? {} : { nodes }), ...(path === undefined ? {} : { path }) }
}

/** A body that is no JSON is answered with 400 whatever the client accepts; faults of a query only where GraphQL over HTTP says so. */
function httpOf({ extensions }: GraphQLError): { readonly status?: number; readonly spec?: boolean } | undefined {
  const http = extensions.http as { status?: number; spec?: boolean } | undefined
  return extensions.code === 'BAD_REQUEST' && http !== undefined ? { ...http, spec: false } : http
}

/** Our own schema broke its promise; no query can be to blame. */
function isBroken(error: GraphQLError): boolean {
  return error.message.startsWith('Cannot return null for non-nullable')
}

/** Of a value in a variable GraphQL says where it is; the value itself, which may be as long as the request, is left out. */
function messageOf(error: unknown, cause: GraphQLError): string {
  if (!(error instanceof GraphQLError) || !error.message.endsWith(`; ${cause.message}`)) return cause.message
  const before = error.message.slice(0, -cause.message.length - 2)
  const at = /^Variable "\$.* at "(\w[\w.[\]]{0,500})"$/s.exec(before)?.[1]
  return at === undefined ? cause.message : `"${at}": ${cause.message}`
}

/** Words of the request are repeated in what is wrong with it. */
function shortened(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`
}

const longestMessage = 600

/** GraphQL makes them of the schema, which is not told everywhere. */
function withoutSuggestion(message: string): string {
  const at = message.lastIndexOf(' Did you mean ')
  return at === -1 || !message.endsWith('?') ? message : message.slice(0, at)
}

/** GraphQL's own complaints are about the query: syntax, unknown fields, values of the wrong type, a wrong HTTP method. */
function asRequestFault(error: GraphQLError, place: Place, message: string): GraphQLError {
  const { code } = error.extensions
  const http = httpOf(error)
  const known = typeof code === 'string' && code in requestErrors
  const status = http?.status
  return new GraphQLError(message, {
    ...placeOptions({ nodes: error.nodes ?? place.nodes, path: error.path ?? place.path }),
    ...(error.nodes === undefined && error.source !== undefined ? { source: error.source } : {}),
    ...(error.nodes === undefined && error.positions !== undefined ? { positions: error.positions } : {}),
    extensions: {
      code: known ? code : status === 413 ? 'LIMIT' : status === 403 ? 'FORBIDDEN' : 'VALIDATION',
      ...(known ? error.extensions : {}),
      ...(http === undefined ? {} : { http }),
    },
  })
}
