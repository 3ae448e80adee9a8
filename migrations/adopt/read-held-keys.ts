import { sql } from '#base'
import type { Table } from '../catalog/catalog.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'

/** A primary key, unique index or exclusion constraint of a table. */
export interface HeldKey {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly kind: 'primary key' | 'unique index' | 'exclusion constraint'
  /** As Postgres writes it: `(code)`, `(lower(name))`. */
  readonly definition: string
  /** Plain columns that two rows must have in common to clash. */
  readonly columns: readonly string[]
  /** Those among them that hold uuids. */
  readonly uuids: readonly string[]
  /** Rows without a value clash as well. */
  readonly nulls_equal: boolean
}

/**
 * What keeps rows of these tables from having the same values: also indexes that are not valid, of some rows or over expressions, which
 * refuse rows all the same.
 */
export async function readHeldKeys(client: Queryable, tables: readonly Table[]): Promise<readonly HeldKey[]> {
  const wanted = sql.value(JSON.stringify(tables.map(({ schema, name }) => [schema, name])))
  return await readRows<HeldKey>(
    client,
    sql`
    select n.nspname as schema, c.relname as table, i.relname as name, x.indnullsnotdistinct as nulls_equal,
      case when x.indisprimary then 'primary key' when x.indisunique then 'unique index' else 'exclusion constraint' end as kind,
      coalesce(
        (select pg_get_constraintdef(k.oid) from pg_constraint k where k.conindid = i.oid and k.contype = 'x'),
        substring(pg_get_indexdef(i.oid) from ' USING [a-z]+ (.*)$')
      ) as definition,
      array(
        select a.attname::text from unnest(x.indkey[0:x.indnkeyatts - 1]) with ordinality u (num, at)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num
        where not x.indisexclusion or (
          select o.oprname = '=' from pg_constraint k join pg_operator o on o.oid = k.conexclop[u.at]
          where k.conindid = i.oid and k.contype = 'x'
        )
        order by u.at
      ) as columns,
      array(
        select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum = any (x.indkey[0:x.indnkeyatts - 1]) and a.atttypid = 'uuid'::regtype
      ) as uuids
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    join jsonb_array_elements(${wanted}::jsonb) wanted on wanted ->> 0 = n.nspname and wanted ->> 1 = c.relname
    where x.indisunique or x.indisexclusion
    order by 1, 2, x.indisprimary desc, 3`,
  )
}
