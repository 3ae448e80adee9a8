import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { TrustedDocuments } from './trusted-documents.ts'

/** Parameter of a request that names a document instead of holding its text, as drafted for GraphQL over HTTP. */
export const documentIdParameter = 'documentId'

/** What a request may say instead of a text. */
interface Named {
  readonly documentId?: unknown
  readonly extensions?: unknown
}

/** Puts the text of a trusted document in the place of its id, so that all that looks at documents looks at it too. */
export function useDocumentIds(documents: TrustedDocuments | null): Plugin {
  return {
    onParams({ params, setParams, request, context }) {
      const { documentId, ...rest } = params as GraphQLParams & Named
      const id = documentIdOf({ documentId: documentId ?? idInAddress(request), extensions: rest.extensions })
      if (id === null || rest.query) return
      const query = documents?.textOf(id)
      if (query !== undefined) setParams({ ...rest, query })
      // Clients that make up hashes as they go send the text then, where they may.
      else if (documentId != null || isBound(context)) throw unknownId()
    },
  }
}

/** The id in the parameters of a request, its own or Apollo's; null: there is none. */
export function documentIdOf({ documentId, extensions }: Named): string | null {
  const { persistedQuery } = (extensions ?? {}) as {
    readonly persistedQuery?: { readonly sha256Hash?: unknown } | null
  }
  const id = documentId ?? persistedQuery?.sha256Hash
  return typeof id === 'string' ? id : null
}

function isBound(context: object): boolean {
  return (context as { readonly trusted: TrustedDocuments | null }).trusted !== null
}

function idInAddress({ method, url }: Request): string | null {
  return method === 'GET' ? new URL(url).searchParams.get(documentIdParameter) : null
}

function unknownId(): GraphQLError {
  const message =
    'There is no trusted document of this id. Extract the documents of the front end anew, and deploy them before it.'
  return new GraphQLError(message, { extensions: { code: 'UNTRUSTED', http: { status: 400, spec: true } } })
}
