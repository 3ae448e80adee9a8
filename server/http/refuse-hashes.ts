import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * A client that sends the hash of a document instead of its text is told in the words of that protocol that it is not spoken here: Apollo, urql and
 * their like send the text then, and no hash again. The status is 200 unless the client accepts `application/graphql-response+json`.
 */
export function useHashRefusal(): Plugin {
  return {
    onParams({ params }) {
      if (params.query || params.extensions?.persistedQuery == null) return
      throw new GraphQLError('PersistedQueryNotSupported', {
        extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http: { status: 400, spec: true } },
      })
    },
  }
}
