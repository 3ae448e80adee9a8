import type { ClientBase } from 'pg'
import { sql } from '#base'
import type { Entity } from '#schema'
import { runSql } from './send-rows.ts'

/** Has Postgres count the rows of tables, as their owner: it plans by what it counted last, and of new rows that is nothing. */
export async function analyze(client: ClientBase, entities: readonly Entity[]): Promise<void> {
  if (entities.length === 0) return
  const list = sql.join(
    entities.map((entity) => sql.identifier(entity.schema, entity.table)),
    ', ',
  )
  await runSql(client, sql`analyze ${list}`)
}
