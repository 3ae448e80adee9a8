import { sql } from '#base'
import type { Constraint } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface ConstraintRow {
  readonly table: string
  readonly name: string
  readonly kind: Constraint['kind']
  readonly definition: string
  readonly comment: string | null
}

/** Keys and checks of the tables of some schemas. `not valid` and `not enforced` are part of the definition. */
export async function readConstraints(client: Queryable, schemas: TableScope, words: RoleWords) {
  const rows = await readRows<ConstraintRow>(
    client,
    sql`
    select k.conrelid::text as table, k.conname as name,
      case k.contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' when 'x' then 'exclude' else 'check' end as kind,
      pg_get_constraintdef(k.oid) as definition, obj_description(k.oid, 'pg_constraint') as comment
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    where k.contype in ('p', 'u', 'f', 'c', 'x')
    order by k.conname`,
  )
  return rows.map((row) => ({
    table: row.table,
    constraint: {
      name: row.name,
      kind: row.kind,
      definition: words.text(row.definition),
      ...(row.comment === null ? {} : { comment: row.comment }),
    } satisfies Constraint,
  }))
}
