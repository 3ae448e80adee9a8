/** A piece of SQL: text with identifiers already quoted, and values kept apart. Build it with the {@link sql} tag only. */
export interface Sql {
  readonly [mark]: true
  readonly parts: readonly SqlPart[]
}

type SqlPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly value: unknown }

/** What may stand in `${…}`: another piece of SQL. Strings are refused by the type; say `sql.value`, `sql.literal` or `sql.identifier`. */
type SqlHole = Sql

const mark: unique symbol = Symbol('rowhouse.sql')

/** A statement as node-postgres wants it. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * Tagged template for SQL. Only other SQL may be interpolated, so a value can never become syntax.
 *
 * @example sql`select ${sql.identifier('app', 'order')} where id = ${sql.value(id)}`
 */
export function sql(strings: TemplateStringsArray, ...holes: readonly SqlHole[]): Sql {
  const parts: SqlPart[] = []
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ kind: 'text', text })
    const hole = holes[index]
    if (hole === undefined) return
    if (!isSql(hole)) throw new TypeError('Only SQL may be interpolated: use sql.value, sql.literal or sql.identifier.')
    parts.push(...hole.parts)
  })
  return make(parts)
}

/** A quoted identifier, dotted when several names are given. */
sql.identifier = (...names: readonly [string, ...string[]]): Sql => text(names.map(quoteIdentifier).join('.'))

/** A bound parameter (`$1`). */
sql.value = (value: unknown): Sql => make([{ kind: 'value', value }])

/** A literal written into the text, for DDL, where parameters are not allowed. */
sql.literal = (value: string | number | boolean | null): Sql => text(quoteLiteral(value))

/** Text that this repository wrote itself: keywords, operators, generated expressions. Never a user's words. */
sql.raw = (trusted: string): Sql => text(trusted)

/** Joins pieces with a separator. */
sql.join = (pieces: readonly Sql[], separator: string): Sql =>
  make(
    pieces.flatMap((piece, index) =>
      index === 0 ? piece.parts : [{ kind: 'text', text: separator } as const, ...piece.parts],
    ),
  )

/** Nothing at all. */
sql.empty = make([])

/** Renders to text and values, values numbered in order of appearance. */
export function toStatement(query: Sql): Statement {
  const values: unknown[] = []
  const text = query.parts.map((part) => (part.kind === 'text' ? part.text : `$${values.push(part.value)}`)).join('')
  return { text, values }
}

/**
 * Renders to plain text, for DDL.
 *
 * @throws TypeError when the piece holds a bound value.
 */
export function toText(query: Sql): string {
  return query.parts
    .map((part) => {
      if (part.kind === 'value') throw new TypeError('A bound value cannot be rendered as text: use sql.literal.')
      return part.text
    })
    .join('')
}

/** Quotes an identifier, always, so that no name is ever syntax. NUL is refused, as Postgres cannot store it. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError(`Not a Postgres identifier: ${JSON.stringify(name)}.`)
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Quotes a literal on a single line. Control characters, those that turn the direction of writing (a person reviews the
 * SQL), and the `:` before a capital are written as escapes, because graphile-migrate replaces `:PLACEHOLDER` and reads
 * `--!` lines anywhere in a migration file.
 */
export function quoteLiteral(value: string | number | boolean | null): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`Not a number that Postgres can take: ${value}.`)
    return String(value)
  }
  if (value.includes('\0')) throw new TypeError('Postgres text cannot hold NUL.')
  const quoted = value.replaceAll("'", "''")
  if (!needsEscape.test(value)) return `'${quoted}'`
  const escaped = quoted
    .replaceAll('\\', '\\\\')
    .replaceAll(control, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll(placeholder, '\\u003a')
  return `E'${escaped}'`
}

/** Control characters, and those that turn the direction of writing, as the inside of a class. */
const hidden = String.raw`\u0001-\u001f\u007f\u0085\u200e\u200f\u2028-\u202e\u2066-\u2069`
const control = new RegExp(`[${hidden}]`, 'g')
const placeholder = /:(?=[A-Z])/g
const needsEscape = new RegExp(String.raw`[${hidden}\\]|${placeholder.source}`)

function text(value: string): Sql {
  return make([{ kind: 'text', text: value }])
}

function make(parts: readonly SqlPart[]): Sql {
  return Object.freeze({ [mark]: true as const, parts: Object.freeze([...parts]) })
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && mark in value
}
