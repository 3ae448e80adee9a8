/** A part of a condition as `pg_get_expr` prints it. Casts of literals are taken off. */
export type CheckPart =
  | { readonly kind: 'all'; readonly of: readonly CheckPart[] }
  | { readonly kind: 'any'; readonly of: readonly CheckPart[] }
  | { readonly kind: 'compare'; readonly left: CheckPart; readonly op: string; readonly right: CheckPart }
  | { readonly kind: 'within'; readonly left: CheckPart; readonly values: readonly CheckPart[] }
  | { readonly kind: 'column'; readonly name: string; readonly cast: string | null }
  | { readonly kind: 'text' | 'number'; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly CheckPart[] }

/** The parts of a check, or null for anything beyond comparisons of columns and literals. */
export function parseCheck(expression: string): CheckPart | null {
  const tokens = tokensOf(expression)
  if (tokens === null) return null
  const reader = new Reader(tokens)
  try {
    const found = either(reader)
    return reader.isDone() ? found : null
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
}

/** Something that is not looked into. */
class Unknown extends Error {}

/** Longer checks are no list of limits. */
const mostTokens = 5000

function tokensOf(expression: string): readonly string[] | null {
  const pattern =
    /\s*("(?:[^"]|"")*"|E?'(?:[^']|'')*'|\d+(?:\.\d+)?|[A-Za-z_][A-Za-z_0-9$]*|::|<>|<=|>=|[-=<>()[\],.~!*+/|])/sy
  const tokens: string[] = []
  while (pattern.lastIndex < expression.trimEnd().length) {
    const match = pattern.exec(expression)
    if (match === null || tokens.length === mostTokens) return null
    tokens.push(match[1]!)
  }
  return tokens
}

/** Reads tokens one after the other. */
class Reader {
  #at = 0
  #depth = 0
  readonly #tokens: readonly string[]
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }
  peek(): string | undefined {
    return this.#tokens[this.#at]
  }
  next(): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new Unknown()
    this.#at += 1
    return token
  }
  takes(token: string): boolean {
    if (this.peek() !== token) return false
    this.#at += 1
    return true
  }
  needs(token: string): void {
    if (!this.takes(token)) throw new Unknown()
  }
  isDone(): boolean {
    return this.#at === this.#tokens.length
  }
  /** Refuses what nests deeper than anybody writes. */
  within<T>(read: () => T): T {
    if (this.#depth > 50) throw new Unknown()
    this.#depth += 1
    const found = read()
    this.#depth -= 1
    return found
  }
}

function either(reader: Reader): CheckPart {
  const of = [both(reader)]
  while (reader.takes('OR')) of.push(both(reader))
  return of.length === 1 ? of[0]! : { kind: 'any', of }
}

function both(reader: Reader): CheckPart {
  const of = [comparison(reader)]
  while (reader.takes('AND')) of.push(comparison(reader))
  return of.length === 1 ? of[0]! : { kind: 'all', of }
}

const operators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>='])

function comparison(reader: Reader): CheckPart {
  const left = value(reader)
  const op = reader.peek()
  if (op === undefined || !operators.has(op)) return left
  reader.next()
  if (op === '=' && reader.takes('ANY')) return { kind: 'within', left, values: array(reader) }
  return { kind: 'compare', left, op, right: value(reader) }
}

/** `(ARRAY['a'::text, …])::text[]` in parentheses, once or more. */
function array(reader: Reader): readonly CheckPart[] {
  return reader.within(() => {
    if (reader.takes('(')) {
      const inner = array(reader)
      reader.needs(')')
      castsOf(reader)
      return inner
    }
    reader.needs('ARRAY')
    reader.needs('[')
    const values = [value(reader)]
    while (reader.takes(',')) values.push(value(reader))
    reader.needs(']')
    castsOf(reader)
    return values
  })
}

function value(reader: Reader): CheckPart {
  const found = reader.within(() => plainValue(reader))
  const casts = castsOf(reader)
  if (casts.length === 0) return found
  if (found.kind === 'text' || found.kind === 'number') {
    if (casts.every((cast) => literalCasts.has(cast))) return found
    throw new Unknown()
  }
  if (found.kind === 'column' && found.cast === null && casts.length === 1) return { ...found, cast: casts[0]! }
  throw new Unknown()
}

/** Types that a literal is cast to without becoming another. */
const literalCasts: ReadonlySet<string> = new Set([
  ...['text', 'character varying', 'numeric', 'integer', 'bigint', 'smallint', 'double precision', 'real'],
])

function plainValue(reader: Reader): CheckPart {
  const token = reader.next()
  if (token === '(') {
    const inner = either(reader)
    reader.needs(')')
    return inner
  }
  if (token === '-') {
    const number = reader.next()
    if (!/^\d/.test(number)) throw new Unknown()
    return { kind: 'number', value: `-${number}` }
  }
  if (/^\d/.test(token)) return { kind: 'number', value: token }
  if (token.startsWith("'")) return { kind: 'text', value: token.slice(1, -1).replaceAll("''", "'") }
  if (token.startsWith('"')) return { kind: 'column', name: token.slice(1, -1).replaceAll('""', '"'), cast: null }
  if (!/^[a-z_]/.test(token)) throw new Unknown()
  if (!reader.takes('(')) return { kind: 'column', name: token, cast: null }
  const args = [either(reader)]
  while (reader.takes(',')) args.push(either(reader))
  reader.needs(')')
  return { kind: 'call', name: token, args }
}

/** Names of the types that a value is cast to. */
function castsOf(reader: Reader): readonly string[] {
  const casts: string[] = []
  while (reader.takes('::')) {
    const words: string[] = []
    while (/^[a-z]/.test(reader.peek() ?? '')) words.push(reader.next())
    if (words.length === 0) throw new Unknown()
    // A size cuts or rounds.
    if (reader.peek() === '(') throw new Unknown()
    if (reader.takes('[')) reader.needs(']')
    casts.push(words.join(' '))
  }
  return casts
}
