import { type Sql, sql } from '#base'
import type { Table } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'

/** Which tables to read: those of some schemas, or beside them some by themselves. */
export type TableScope = readonly string[] | TablesBeside

/** All tables of some schemas, and single ones of others. */
export interface TablesBeside {
  readonly schemas: readonly string[]
  /** Numbers of `pg_class`. */
  readonly oids: readonly string[]
}

/** What a relation `c` in a schema `n` must meet to be read. */
export function isWithin(scope: TableScope): Sql {
  if (!('oids' in scope)) return sql`n.nspname = any (${sql.value(scope)})`
  return sql`(n.nspname = any (${sql.value(scope.schemas)}) or c.oid = any (${sql.value(scope.oids)}::oid[]))`
}

/** Our schemas with the tables that were there before, as far as they are there. */
export async function scopeWith(
  client: Queryable,
  schemas: readonly string[],
  beside: readonly Pick<Table, 'schema' | 'name'>[],
): Promise<TableScope> {
  if (beside.length === 0) return schemas
  const wanted = sql.value(JSON.stringify(beside.map(({ schema, name }) => [schema, name])))
  const rows = await readRows<{ readonly oid: string }>(
    client,
    sql`
    select c.oid::text as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join jsonb_array_elements(${wanted}::jsonb) wanted on wanted ->> 0 = n.nspname and wanted ->> 1 = c.relname
    where c.relkind in ('r', 'p')`,
  )
  return { schemas, oids: rows.map(({ oid }) => oid) }
}
