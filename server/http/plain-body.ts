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
  const { query, variables, operationName, ...more } = given as Readonly<Record<string, unknown>>
  if (typeof query !== 'string' || Object.keys(more).length > 0) return null
  if (operationName != null && typeof operationName !== 'string') return null
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null
  return { query, operationName, variables: variables as PlainBody['variables'] }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}
