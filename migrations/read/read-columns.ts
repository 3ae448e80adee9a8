import { sql } from '#base'
import type { Column } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly not_null: boolean
  readonly default: string | null
  readonly identity: boolean
  readonly generated: boolean
  readonly comment: string | null
}

/** Columns of the tables of some schemas, by table. */
export async function readColumns(client: Queryable, schemas: TableScope, words: RoleWords) {
  const rows = await readRows<ColumnRow>(
    client,
    sql`
    select a.attrelid::text as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default, a.attidentity = 'd' as identity,
      a.attgenerated = 's' as generated,
      col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped
    order by a.attnum`,
  )
  return rows.map((row) => ({
    table: row.table,
    column: {
      name: row.name,
      type: row.type,
      notNull: row.not_null,
      default: row.default === null ? null : words.text(row.default),
      ...(row.identity ? { identity: true as const } : {}),
      ...(row.generated ? { generated: true as const } : {}),
      comment: row.comment,
    } satisfies Column,
  }))
}
