import type { ClientBase } from 'pg'
import { type Sql, toStatement } from '#base'

/** Whatever can run a query: a client, checked out or not. Never a pool, because reading needs one session. */
export type Queryable = Pick<ClientBase, 'query'>

/** Rows of a query over the system catalogs. */
export async function readRows<Row extends object>(client: Queryable, query: Sql): Promise<readonly Row[]> {
  const { text, values } = toStatement(query)
  const { rows } = await client.query<Row>(text, [...values])
  return rows
}

/** Rows by one of their columns, in the order given. */
export function groupRows<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): ReadonlyMap<Key, readonly Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}
