import { Bug, canonicalHash, quoteIdentifier } from '#base'
import { created } from '../../postgres/transaction-connection.ts'
import type { Ahead, ClientQuery, RequestClient } from '../../postgres/with-pg-client.ts'

/**
 * Makes a row with the caller's own rights, as `rowhouse.create_row` does, by a statement that Postgres plans once for each set of
 * columns. What Postgres says of the key; empty where a trigger made no row.
 *
 * @param table quoted
 */
export async function insertRow(
  client: RequestClient,
  table: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<string> {
  const inserted = client.query(insertion(table, columns))
  // Not waited for: it travels with the row, and whatever fails, the row fails first.
  const told = client.query<{ answer: string }>(created)
  told.catch(() => undefined)
  if (client.ahead !== null) client.finish()
  await inserted
  return (await told).rows[0]!.answer
}

/** Makes a row in the same way, ahead of its answer: selects behind it are given its key as a `LateValue`. */
export function leaveRow(
  client: RequestClient & { readonly ahead: Ahead },
  table: string,
  columns: Readonly<Record<string, unknown>>,
): void {
  const made = client.query(insertion(table, columns)).then(({ rowCount }) => {
    if (rowCount !== 1) throw new Bug('A trigger made no row.')
  })
  client.ahead.leave(made)
  client.finish()
}

function insertion(table: string, columns: Readonly<Record<string, unknown>>): ClientQuery {
  const names = Object.keys(columns).sort()
  return {
    ...statementOf(table, names),
    values: names.length === 0 ? [] : [JSON.stringify(columns)],
    lead: { statement: 'rowhouse_creating', values: [table] },
  }
}

/** Clients write few sets of columns, but they choose them: there must be an end. */
const maxKnown = 1_000

const known = new Map<string, Pick<Required<ClientQuery>, 'text' | 'name'>>()

function statementOf(table: string, names: readonly string[]): Pick<Required<ClientQuery>, 'text' | 'name'> {
  const key = `${table} ${names.join(' ')}`
  let statement = known.get(key)
  if (statement === undefined) {
    const text = insertText(table, names)
    statement = { text, name: `create_${canonicalHash(text).slice(0, 40)}` }
    if (known.size >= maxKnown) known.clear()
    known.set(key, statement)
  }
  return statement
}

function insertText(table: string, names: readonly string[]): string {
  if (names.length === 0) return `insert into ${table} default values`
  const list = names.map(quoteIdentifier).join(', ')
  const read = `pg_catalog.jsonb_populate_record(null::${table}, $1::pg_catalog.jsonb)`
  return `insert into ${table} (${list}) select ${list} from ${read}`
}
