/** The body of a request that asks nothing but GraphQL. */
export interface PlainBody {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
  readonly operationName: string | null | undefined
}

/** Reads a body; null for everything that is unusual in any way. */
export function readPlainBody(body: Buffer): PlainBody | null {
  const given = parsed(body)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const { query, variables, operationName, extensions, ...more } = given as Readonly<Record<string, unknown>>
  if (typeof query !== 'string' || Object.keys(more).length > 0) return null
  if (extensions != null && !isClientsName(extensions)) return null
  if (operationName != null && typeof operationName !== 'string') return null
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null
  return { query, operationName, variables: variables as PlainBody['variables'] }
}

/** Every request of Apollo Client 4 says what library it comes from, which nothing here reads. */
function isClientsName(extensions: unknown): boolean {
  return (
    typeof extensions === 'object' &&
    !Array.isArray(extensions) &&
    Object.keys(extensions!).every((name) => name === 'clientLibrary')
  )
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}
