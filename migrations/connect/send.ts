import type pg from 'pg'
import { type Sql, toStatement } from '#base'

/** Sends one statement and gives back its rows. */
export async function send<Row = Record<string, unknown>>(client: pg.ClientBase, query: Sql): Promise<readonly Row[]> {
  const { text, values } = toStatement(query)
  const { rows } = await client.query(text, [...values])
  return rows as Row[]
}
