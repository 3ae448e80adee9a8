import { sql } from '#base'
import type { RoleName, Table } from '../catalog/catalog.ts'
import { readColumns } from './read-columns.ts'
import { readConstraints } from './read-constraints.ts'
import { readGrants } from './read-grants.ts'
import { readIndexes } from './read-indexes.ts'
import { readPolicies } from './read-policies.ts'
import { type Queryable, readRows } from './read-rows.ts'
import { readTriggers } from './read-triggers.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

interface TableRow {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly owner: string
  readonly comment: string | null
  readonly row_security: boolean
  readonly force_row_security: boolean
  readonly face: { readonly of: string; readonly by: string; readonly within: string | null } | null
}

/** Tables of some schemas with everything that hangs on them, sorted by schema and name. */
export async function readTables(client: Queryable, schemas: TableScope, words: RoleWords): Promise<readonly Table[]> {
  const tables = await readTableRows(client, schemas)
  const columns = await readColumns(client, schemas, words)
  const constraints = await readConstraints(client, schemas, words)
  const indexes = await readIndexes(client, schemas, words)
  const policies = await readPolicies(client, schemas, words)
  const triggers = await readTriggers(client, schemas, words)
  const grants = await readGrants(client, schemas, words)
  return tables.map((row) => ({
    schema: row.schema,
    name: row.name,
    owner: words.word(row.owner) as RoleName,
    comment: row.comment,
    rowSecurity: row.row_security,
    forceRowSecurity: row.force_row_security,
    columns: columns.filter((one) => one.table === row.oid).map((one) => one.column),
    constraints: constraints.filter((one) => one.table === row.oid).map((one) => one.constraint),
    indexes: indexes.filter((one) => one.table === row.oid).map((one) => one.index),
    policies: policies.filter((one) => one.table === row.oid).map((one) => one.policy),
    triggers: triggers.filter((one) => one.table === row.oid).map((one) => one.trigger),
    grants: grants.filter((one) => one.table === row.oid).map((one) => one.grant),
    entity: '',
    ...(row.face === null ? {} : { face: row.face }),
  }))
}

function readTableRows(client: Queryable, schemas: TableScope): Promise<readonly TableRow[]> {
  return readRows<TableRow>(
    client,
    sql`
    select c.oid::text as oid, n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner)::text as owner,
      obj_description(c.oid, 'pg_class') as comment, c.relrowsecurity as row_security,
      c.relforcerowsecurity as force_row_security,
      case when c.relkind = 'p' then json_build_object(
        'of', (
          select string_agg(l.relname || case pg_get_expr(l.relpartbound, l.oid) when 'DEFAULT' then '' else ' ' || pg_get_expr(l.relpartbound, l.oid) end, ', ' order by l.relname)
          from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid where t.isleaf
        ),
        'by', regexp_replace(pg_get_partkeydef(c.oid), '^LIST \\("?([^"]*)"?\\)$', '\\1'),
        'within', (select p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid)
      ) end as face
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    where c.relkind in ('r', 'p')
    order by n.nspname collate "C", c.relname collate "C"`,
  )
}
