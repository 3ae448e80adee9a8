import { sql } from '#base'
import type { Index } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface IndexRow {
  readonly table: string
  readonly name: string
  readonly unique: boolean
  readonly keys: readonly string[]
  readonly where: string | null
  readonly include: readonly string[]
  readonly using: 'btree' | NonNullable<Index['using']>
  readonly nulls_equal: boolean
}

/** Indexes of the tables of some schemas, without those of keys. Storage options are told by the extras. */
export async function readIndexes(client: Queryable, schemas: TableScope, words: RoleWords) {
  const rows = await readRows<IndexRow>(
    client,
    sql`
    select i.indrelid::text as table, ic.relname as name, i.indisunique as unique,
      pg_get_expr(i.indpred, i.indrelid) as where, am.amname as using, i.indnullsnotdistinct as nulls_equal,
      array(
        select pg_get_indexdef(i.indexrelid, k, false) from generate_series(i.indnkeyatts + 1, i.indnatts) k order by k
      ) as include,
      array(
        select pg_get_indexdef(i.indexrelid, k, false)
          || case when o.opcdefault then '' else ' ' || o.opcname end
          || case when i.indcollation[k - 1] in (0, ty.typcollation) then '' else ' collate ' || co.collname end
          || case i.indoption[k - 1] when 0 then '' when 1 then ' desc nulls last' when 2 then ' nulls first' else ' desc' end
        from generate_series(1, i.indnkeyatts) k
        join pg_attribute a on a.attrelid = i.indexrelid and a.attnum = k
        join pg_type ty on ty.oid = a.atttypid
        join pg_opclass o on o.oid = i.indclass[k - 1]
        left join pg_collation co on co.oid = i.indcollation[k - 1]
        order by k
      ) as keys
    from pg_index i
    join pg_class ic on ic.oid = i.indexrelid
    join pg_am am on am.oid = ic.relam
    join pg_class c on c.oid = i.indrelid and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    order by ic.relname`,
  )
  return rows.map((row) => ({
    table: row.table,
    index: {
      name: row.name,
      unique: row.unique,
      keys: row.keys.map(words.text),
      where: row.where === null ? null : words.text(row.where),
      ...(row.include.length === 0 ? {} : { include: row.include }),
      ...(row.using === 'btree' ? {} : { using: row.using }),
      ...(row.nulls_equal ? { nullsEqual: true } : {}),
    } satisfies Index,
  }))
}
