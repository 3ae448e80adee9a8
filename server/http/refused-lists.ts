import type { Plugin } from 'graphql-yoga'

/** A longer list is answered with one error, not as many. */
const mostAnswers = 100

/**
 * A list of operations that is refused as a whole is answered with a list, each operation with the same error, where the client says that it reads
 * GraphQL's own type: Apollo's batches say of anything else that it has the wrong length, and nothing of what was wrong.
 */
export function useRefusedLists(): Plugin {
  const lengths = new WeakMap<Request, number>()
  return {
    onRequestParse: ({ request }) => ({
      onRequestParseDone({ requestParserResult }) {
        if (Array.isArray(requestParserResult)) lengths.set(request, requestParserResult.length)
      },
    }),
    onResultProcess({ request, result, setResult }) {
      const length = lengths.get(request) ?? 0
      if (Array.isArray(result) || length < 2 || length > mostAnswers) return
      if (request.headers.get('accept')?.includes('application/graphql-response+json') !== true) return
      setResult(Array.from({ length }, () => result) as never)
    },
  }
}
