import type { ClientQuery } from './with-pg-client.ts'

/**
 * A value that Postgres knows before we do: the key of a row whose making is under way. Only a statement behind that row may be given it, as
 * a parameter that is text or is cast; there it becomes SQL.
 */
export class LateValue {
  /** SQL of a text. */
  readonly #expression: string

  constructor(expression: string) {
    this.#expression = expression
  }

  /** SQL of a text. */
  get expression(): string {
    return this.#expression
  }

  /** Tells values apart where they are compared as JSON. */
  toJSON(): unknown {
    return { late: this.#expression }
  }
}

/** The key that the trigger of the row that was made last told: of a key of several columns, the one at a place. */
export function lateKey(place: number, columns: number): LateValue {
  const told = "pg_catalog.current_setting('rowhouse.created_id')"
  return new LateValue(columns === 1 ? told : `(${told}::pg_catalog.json ->> ${place})`)
}

/** Texts and names may look like one; callers' words are in neither. */
const parameter = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g

/** Statements as they are written with late values, by their text and the places of those; clients choose texts, so there must be an end. */
const written = new Map<string, string>()
const maxWritten = 500

/** A statement with late values in the place of their parameters, and under a name of its own. */
export function withLateValues(query: ClientQuery): ClientQuery {
  const { values = [], text, name } = query
  if (!values.some((value) => value instanceof LateValue)) return query
  const kept: unknown[] = []
  const places = values.map((value) => (value instanceof LateValue ? `(${value.expression})` : `$${kept.push(value)}`))
  return {
    ...query,
    text: withPlaces(text, places),
    values: kept,
    ...(name === undefined ? {} : { name: `late_${name}`.slice(0, 60) }),
  }
}

function withPlaces(text: string, places: readonly string[]): string {
  const key = `${places.join(' ')} ${text}`
  let known = written.get(key)
  if (known === undefined) {
    known = text.replaceAll(parameter, (found, number?: string) =>
      number === undefined ? found : places[Number(number) - 1]!,
    )
    if (written.size >= maxWritten) written.clear()
    written.set(key, known)
  }
  return known
}
