import { GraphQLError } from 'graphql'

/** What is told of a request beyond a limit. */
export interface BeyondLimit {
  /** Name of the setting. */
  readonly limit: string
  readonly most: number
  /** What is beyond, and how to ask for less: two sentences. */
  readonly message: string
  /** Where the whole request is refused, of whatever form the answer is. */
  readonly status?: number
}

/** LIMIT, with the name of the limit and what it allows. */
export function limitError({ limit, most, message, status }: BeyondLimit): GraphQLError {
  const http = status === undefined ? {} : { http: { status, spec: false } }
  return new GraphQLError(message, { extensions: { code: 'LIMIT', limit, most, ...http } })
}
