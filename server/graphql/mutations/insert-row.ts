import { Bug, canonicalHash, quoteIdentifier } from '#base'
import { created } from '../../postgres/transaction-connection.ts'
import type { Ahead, ClientQuery, RequestClient } from '../../postgres/with-pg-client.ts'
import { plainTexts } from './plain-columns.ts'

/** A row to be made. */
export interface NewRow {
  /** Quoted. */
  readonly table: string
  /** By column, as `jsonb_populate_record` reads it. */
  readonly columns: Readonly<Record<string, unknown>>
  /** Those that take texts as they are. */
  readonly plain: ReadonlySet<string>
}

/**
 * Makes a row with the caller's own rights, as `rowhouse.create_row` does, by a statement that Postgres plans once for each set of
 * columns. What Postgres says of the key; empty where a trigger made no row.
 */
export async function insertRow(client: RequestClient, row: NewRow): Promise<string> {
  const inserted = client.query(insertion(row))
  // Not waited for: it travels with the row, and whatever fails, the row fails first.
  const told = client.query<{ answer: string }>(created)
  told.catch(() => undefined)
  if (client.ahead !== null) client.finish()
  await inserted
  return (await told).rows[0]!.answer
}

/** Makes a row in the same way, ahead of its answer: selects behind it are given its key as a `LateValue`. */
export function leaveRow(client: RequestClient & { readonly ahead: Ahead }, row: NewRow): void {
  const made = client.query(insertion(row)).then(({ rowCount }) => {
    if (rowCount !== 1) throw new Bug('A trigger made no row.')
  })
  client.ahead.leave(made)
  client.finish()
}

function insertion({ table, columns, plain }: NewRow): ClientQuery {
  const names = Object.keys(columns).sort()
  const texts = names.every((name) => plain.has(name)) ? plainTexts(names.map((name) => columns[name])) : null
  return {
    ...statementOf(table, names, texts !== null),
    values: texts ?? [JSON.stringify(columns)],
    lead: { statement: 'rowhouse_creating', values: [table] },
    // What tells or reads its key.
    isFollowed: true,
  }
}

/** Clients write few sets of columns, but they choose them: there must be an end. */
const maxKnown = 1_000

const known = new Map<string, Pick<Required<ClientQuery>, 'text' | 'name'>>()

function statementOf(
  table: string,
  names: readonly string[],
  isPlain: boolean,
): Pick<Required<ClientQuery>, 'text' | 'name'> {
  // In names of what was there before is any character but this one.
  const key = [isPlain, table, ...names].join('\0')
  let statement = known.get(key)
  if (statement === undefined) {
    const text = insertText(table, names, isPlain)
    statement = { text, name: `create_${canonicalHash(text).slice(0, 40)}` }
    if (known.size >= maxKnown) known.clear()
    known.set(key, statement)
  }
  return statement
}

function insertText(table: string, names: readonly string[], isPlain: boolean): string {
  if (names.length === 0) return `insert into ${table} default values`
  const list = names.map(quoteIdentifier).join(', ')
  // Postgres reads each as its column does.
  if (isPlain) return `insert into ${table} (${list}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`
  const read = `pg_catalog.jsonb_populate_record(null::${table}, $1::pg_catalog.jsonb)`
  return `insert into ${table} (${list}) select ${list} from ${read}`
}
