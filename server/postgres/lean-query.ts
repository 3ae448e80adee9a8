import pg from 'pg'

/** What is said to Postgres on a connection of `pg`. */
export interface Wire {
  parse(statement: { readonly name: string; readonly text: string }): void
  bind(portal: { readonly statement: string; readonly values: readonly (string | null)[] }): void
  describe(portal: object): void
  execute(portal: object): void
  sync(): void
}

/** A row as Postgres sends it. */
export interface DataRow {
  readonly fields: readonly (string | null)[]
}

/** What Postgres says of a statement that is done. */
export interface CommandComplete {
  readonly text: string
}

interface Field {
  readonly dataTypeID: number
}

type Parser = (text: string) => unknown

/** Rows of one query, with what reads them. */
interface Rows {
  readonly rows: unknown[]
  fields: readonly Field[]
  readonly _types: { getTypeParser(type: number, format: 'text'): Parser }
}

/** What a query of `pg` does besides what its types tell: version 8.23 is pinned, and every request of the tests goes through here. */
interface WireQuery extends pg.Submittable {
  callback: ((error: Error | null, result: pg.QueryResult) => void) | undefined
  readonly name: string | undefined
  readonly text: string
  readonly _result: Rows
  _canceledDueToError: unknown
  hasBeenParsed(wire: Wire): unknown
  prepare(wire: Wire): void
  handleRowDescription(message: { readonly fields: readonly Field[] }, wire: Wire): void
  handleDataRow(message: DataRow, wire: Wire): void
  handleCommandComplete(message: CommandComplete, wire: Wire): void
}

const WireQuery = pg.Query as unknown as new (config: string | object) => WireQuery

/** How the rows of a prepared statement are read, by its connection and name. */
const described = new WeakMap<Wire, Map<string, Described>>()

interface Described {
  readonly fields: readonly Field[]
  readonly parsers: readonly Parser[]
}

/** Connections that ask for no description. */
const silent = new WeakMap<Wire, Wire>()

/**
 * A statement by the extended protocol. `pg` copies what it is given property by property, and makes an object without rows, for each; and asks Postgres each time again what the
 * columns of a prepared statement are, which cannot change: Postgres refuses to execute it then.
 */
export class LeanQuery extends WireQuery {
  readonly #isArray: boolean
  #described: Described | null = null
  #wire: Wire | null = null

  constructor({ rowMode, ...config }: pg.QueryConfig & { readonly rowMode?: 'array' }) {
    // Of a text alone there is nothing to copy.
    super(config.text)
    Object.assign(this, config, { queryMode: 'extended' })
    this.#isArray = rowMode === 'array'
  }

  override prepare(wire: Wire): void {
    this.#wire = wire
    const { name } = this
    const known = this.#isArray && name && this.hasBeenParsed(wire) ? described.get(wire)?.get(name) : undefined
    if (known !== undefined) {
      this.#described = known
      this._result.fields = known.fields
    }
    super.prepare(known === undefined ? wire : silentOf(wire))
  }

  override handleRowDescription(message: { readonly fields: readonly Field[] }, wire: Wire): void {
    if (this.#isArray) this.#learn(message.fields)
    else super.handleRowDescription(message, wire)
  }

  override handleDataRow(message: DataRow, wire: Wire): void {
    if (this.#described === null) super.handleDataRow(message, wire)
    else if (!this._canceledDueToError) this.#read(message.fields, this.#described.parsers)
  }

  #learn(fields: readonly Field[]): void {
    const parsers = fields.map(({ dataTypeID }) => this._result._types.getTypeParser(dataTypeID, 'text'))
    this.#described = { fields, parsers }
    this._result.fields = fields
    if (this.name) remember(this.#wire!, this.name, this.#described)
  }

  #read(fields: DataRow['fields'], parsers: readonly Parser[]): void {
    const row = new Array<unknown>(fields.length)
    try {
      for (let at = 0; at < fields.length; at++) {
        const text = fields[at]!
        row[at] = text === null ? null : parsers[at]!(text)
      }
      this._result.rows.push(row)
    } catch (error) {
      // As `pg` has it: told when the connection is ready again.
      this._canceledDueToError = error
    }
  }
}

function remember(wire: Wire, name: string, found: Described): void {
  const known = described.get(wire) ?? new Map<string, Described>()
  described.set(wire, known)
  known.set(name, found)
}

function silentOf(wire: Wire): Wire {
  const known = silent.get(wire) ?? (Object.create(wire, { describe: { value: () => undefined } }) as Wire)
  silent.set(wire, known)
  return known
}
