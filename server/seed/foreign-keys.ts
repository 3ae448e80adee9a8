import type { ClientBase } from 'pg'
import { sql, toText } from '#base'
import { type Entity, toOnesOf } from '#schema'
import { runSql } from './send-rows.ts'

/** A foreign key that is away for a while. */
export interface DroppedKey {
  /** Both as the database writes them, quoted. */
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly comment: string | null
}

/**
 * Takes the foreign keys off tables that were empty: to look at all rows at once, at the end, takes a fifth of the time of looking at
 * each. Only in a transaction that brings them back.
 */
export async function dropForeignKeys(client: ClientBase, entities: readonly Entity[]): Promise<readonly DroppedKey[]> {
  const tables = entities.map((entity) => toText(sql.identifier(entity.schema, entity.table)))
  // In the order in which they were made: triggers fire by number.
  const { rows } = await runSql(
    client,
    sql`select format('%I.%I', n.nspname, c.relname) as table, quote_ident(k.conname) as name,
        pg_get_constraintdef(k.oid) as definition, quote_literal(obj_description(k.oid, 'pg_constraint')) as comment
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where k.contype = 'f' and k.conparentid = 0 and k.convalidated and c.relkind = 'r'
        and k.conrelid = any (${sql.value(tables)}::regclass[])
      order by k.oid`,
  )
  const keys = rows as readonly DroppedKey[]
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  return keys
}

/** Brings foreign keys back; Postgres looks at all rows of the tables. Row security must not be forced on either side meanwhile: it would hide them. */
export async function restoreForeignKeys(client: ClientBase, keys: readonly DroppedKey[]): Promise<void> {
  for (const { table, name, definition, comment } of keys) {
    await client.query(`alter table ${table} add constraint ${name} ${definition}`)
    if (comment !== null) await client.query(`comment on constraint ${name} on ${table} is ${comment}`)
  }
}

/** Entities that rows of the given ones lead to. */
export function targetsOf(entities: readonly Entity[], all: readonly Entity[]): readonly Entity[] {
  const names = new Set(entities.flatMap(toOnesOf).map(({ to }) => to))
  return all.filter(({ name }) => names.has(name))
}
