import { sql } from '#base'
import { type Queryable, readRows } from '../read/read-rows.ts'

/** What can be looked up quickly in a table. */
export interface LeadingColumns {
  readonly schema: string
  readonly table: string
  /** Size of the table without its indexes. */
  readonly bytes: number
  /** First two columns of every whole index that finds single values; null for an expression. */
  readonly leads: readonly (readonly (string | null)[])[]
}

/** The leading columns of every index of these tables, as any role may read them. */
export async function readLeadingColumns(
  client: Queryable,
  tables: readonly { readonly schema: string; readonly table: string }[],
): Promise<readonly LeadingColumns[]> {
  const wanted = sql.value(JSON.stringify(tables.map(({ schema, table }) => [schema, table])))
  return await readRows<LeadingColumns>(
    client,
    sql`
    select n.nspname as schema, c.relname as table, pg_relation_size(c.oid)::float8 as bytes,
      (
        select coalesce(json_agg((
          select json_agg(a.attname order by u.at) from unnest(x.indkey[0:x.indnkeyatts - 1]) with ordinality u (num, at)
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num where u.at <= 2
        )), '[]')
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
        where x.indrelid = c.oid and x.indisvalid and x.indpred is null and m.amname in ('btree', 'hash')
      ) as leads
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join jsonb_array_elements(${wanted}::jsonb) wanted on wanted ->> 0 = n.nspname and wanted ->> 1 = c.relname
    where c.relkind in ('r', 'p')`,
  )
}
