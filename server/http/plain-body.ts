import { documentIdOf } from './documents/use-document-ids.ts'

type Given = Readonly<Record<string, unknown>>

/** The body of a request that asks nothing but GraphQL. */
export interface PlainBody {
  /** Null: the request names a document instead. */
  readonly query: string | null
  readonly documentId: string | null
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
  readonly operationName: string | null | undefined
}

/** Reads a body; null for everything that is unusual in any way. */
export function readPlainBody(body: Buffer): PlainBody | null {
  const given = parsed(body)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const { query = null, variables, operationName, documentId, extensions, ...more } = given as Given
  const id = query === null ? documentIdOf({ documentId, extensions }) : null
  if (id === null && (typeof query !== 'string' || documentId !== undefined)) return null
  if (
    Object.keys(more).length > 0 ||
    !areKnown(extensions, id === null ? ['clientLibrary'] : ['clientLibrary', 'persistedQuery'])
  )
    return null
  if (operationName != null && typeof operationName !== 'string') return null
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null
  return {
    query: query as string | null,
    documentId: id,
    operationName,
    variables: variables as PlainBody['variables'],
  }
}

/** Every request of Apollo Client 4 says what library it comes from, which nothing here reads. */
function areKnown(extensions: unknown, names: readonly string[]): boolean {
  if (extensions == null) return true
  return (
    typeof extensions === 'object' &&
    !Array.isArray(extensions) &&
    Object.keys(extensions).every((name) => names.includes(name))
  )
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}
