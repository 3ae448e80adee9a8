import type { ClientBase } from 'pg'
import { sql, toText } from '#base'
import type { Entity } from '#schema'
import { runSql } from './send-rows.ts'

/** An index that is away for a while. */
export interface DroppedIndex {
  /** As the database writes it, with its schema, quoted. */
  readonly name: string
  /** Of its table, as they are. */
  readonly schema: string
  readonly table: string
  /** The statement that makes it. */
  readonly definition: string
  readonly comment: string | null
}

/**
 * Takes the indexes off tables that were empty, all but those of constraints: to sort all rows once, at the end, takes a fraction of
 * the time of finding the place of each. Only in a transaction that brings them back.
 */
export async function dropSecondaryIndexes(
  client: ClientBase,
  entities: readonly Entity[],
): Promise<readonly DroppedIndex[]> {
  const tables = entities.map((entity) => toText(sql.identifier(entity.schema, entity.table)))
  const { rows } = await runSql(
    client,
    sql`select format('%I.%I', n.nspname, c.relname) as name, tn.nspname as schema, t.relname as table,
        pg_get_indexdef(c.oid) as definition, quote_literal(obj_description(c.oid, 'pg_class')) as comment
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
      where i.indrelid = any (${sql.value(tables)}::regclass[]) and i.indisvalid and not i.indisreplident and not i.indisclustered
        and not exists (select from pg_constraint k where k.conindid = c.oid)
      order by c.oid`,
  )
  const indexes = rows as readonly DroppedIndex[]
  if (indexes.length > 0) await client.query(`drop index ${indexes.map(({ name }) => name).join(', ')}`)
  return indexes
}

/** Makes indexes again, in the order in which they were made. */
export async function restoreIndexes(client: ClientBase, indexes: readonly DroppedIndex[]): Promise<void> {
  for (const { name, definition, comment } of indexes) {
    await client.query(definition)
    if (comment !== null) await client.query(`comment on index ${name} is ${comment}`)
  }
}

/** Takes those of some entities' tables out of a list. */
export function takeIndexes(indexes: DroppedIndex[], entities: readonly Entity[]): readonly DroppedIndex[] {
  const isOf = ({ schema, table }: DroppedIndex) =>
    entities.some((entity) => entity.schema === schema && entity.table === table)
  const taken = indexes.filter(isOf)
  indexes.splice(0, Infinity, ...indexes.filter((each) => !isOf(each)))
  return taken
}
