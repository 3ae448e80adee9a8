import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Sql, sql, toStatement, toText } from '#base'

/** Runs a statement. */
export async function runSql(
  client: ClientBase,
  query: Sql,
): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }> {
  const { text, values } = toStatement(query)
  return client.query(text, [...values])
}

/** Where lines go. */
export interface CopyTarget {
  readonly table: Sql
  readonly columns: readonly string[]
}

/** Sends lines in the text format of `copy`. Row triggers of constraints fire when the last one is there. */
export function sendRows(client: ClientBase, { table, columns }: CopyTarget, lines: readonly string[]): Promise<void> {
  const list = sql.join(
    columns.map((column) => sql.identifier(column)),
    ', ',
  )
  const stream = client.query(copyFrom(toText(sql`copy ${table} (${list}) from stdin`)))
  return new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.on('finish', () => resolve())
    stream.end(Buffer.from(`${lines.join('\n')}\n`))
  })
}
