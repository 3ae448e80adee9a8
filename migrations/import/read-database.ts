import { sql } from '#base'
import { columnOptions } from '../read/column-options.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { FoundColumn, FoundConstraint, FoundDatabase, FoundIndex, FoundTable } from './found-database.ts'
import { readOthers } from './read-others.ts'
import { ofSomebody, type Schemas } from './schemas.ts'

/**
 * Everything that somebody made in a database. Reads `pg_catalog` alone; any role may.
 *
 * @param client in a transaction whose `search_path` is empty, so that Postgres qualifies every name
 */
export async function readDatabase(client: Queryable, schemas: Schemas): Promise<FoundDatabase> {
  const columns = await readColumns(client)
  const constraints = await readConstraints(client)
  const indexes = await readIndexes(client)
  const of = <Row extends { readonly table: string }>(rows: readonly Row[], table: string) =>
    rows.filter((row) => row.table === table).map(({ table: _, ...rest }) => rest)
  const tables = await readTableRows(client, schemas)
  return {
    tables: tables.map(({ oid, ...table }) => ({
      ...table,
      columns: of(columns, oid),
      constraints: of(constraints, oid),
      indexes: of(indexes, oid),
    })),
    others: await readOthers(client, schemas),
  }
}

type TableRow = Omit<FoundTable, 'columns' | 'constraints' | 'indexes'> & { readonly oid: string }

function readTableRows(client: Queryable, schemas: Schemas): Promise<readonly TableRow[]> {
  return readRows<TableRow>(
    client,
    sql`
    select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
      case when c.relispartition then 'a partition' when c.relpersistence <> 'p' then 'unlogged or temporary'
        when c.reloftype <> 0 then 'of a composite type'
        when exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent)) and c.relkind = 'r'
          then 'part of an inheritance' end as oddity,
      nullif(obj_description(c.oid, 'pg_class'), '') as comment,
      array(
        select x from unnest(
          coalesce(c.reloptions, '{}'::text[])
          || case when c.reltablespace <> 0 then array['tablespace ' || coalesce((select spcname::text from pg_tablespace t where t.oid = c.reltablespace), '')] else '{}'::text[] end
          || case when c.relreplident <> 'd' and c.relkind = 'r' then array['replica identity'] else '{}'::text[] end
          || case when c.relam <> 0 and c.relkind = 'r' and (select amname from pg_am a where a.oid = c.relam) <> 'heap' then array['its access method'] else '{}'::text[] end
        ) x
      ) as settings
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${ofSomebody(schemas)}
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by n.nspname collate "C", c.relname collate "C"`,
  )
}

function readColumns(client: Queryable): Promise<readonly (FoundColumn & { readonly table: string })[]> {
  return readRows(
    client,
    sql`
    select a.attrelid::text as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      case when tn.nspname = 'pg_catalog' then null when coalesce(e.typtype, t.typtype) = 'e' then 'an enum'
        when t.typtype = 'd' then 'a domain' when t.typtype = 'c' then 'a composite type'
        when t.typtype in ('r', 'm') then 'a range type' else 'a type of its own' end as "ownType",
      array(select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder) as labels,
      a.attnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default,
      coalesce(pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(' and exists (
        select from pg_depend o where o.refclassid = 'pg_class'::regclass and o.refobjid = a.attrelid and o.refobjsubid = a.attnum
          and o.classid = 'pg_class'::regclass and o.deptype = 'a'
      ), false) as "isSerial",
      case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
      a.attgenerated <> '' as "isGenerated", nullif(col_description(a.attrelid, a.attnum), '') as comment,
      array(
        select x from unnest(array[
          case when a.attcollation <> t.typcollation then
            'collation ' || (select quote_ident(collname) from pg_collation where oid = a.attcollation) end,
          case when a.attcompression <> '' then 'compression' end,
          case when a.attstorage <> t.typstorage then 'storage' end,
          ${columnOptions},
          case when coalesce((to_jsonb(a) ->> 'attstattarget')::int, -1) >= 0 then 'statistics' end
        ]) x where x is not null
      ) as settings
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
    join pg_namespace tn on tn.oid = coalesce(e.typnamespace, t.typnamespace)
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and a.attrelid >= 16384
    order by a.attrelid, a.attnum`,
  )
}

function readConstraints(client: Queryable): Promise<readonly (FoundConstraint & { readonly table: string })[]> {
  return readRows(
    client,
    sql`
    select k.conrelid::text as table, k.conname as name, k.contype::text as kind,
      array(select a.attname::text from unnest(k.conkey) with ordinality u (num, at)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.at) as columns,
      pg_get_constraintdef(k.oid) as definition, pg_get_expr(k.conbin, k.conrelid) as expression,
      case when k.contype = 'f' then json_build_object('schema', fn.nspname, 'table', f.relname,
        'columns', array(select a.attname::text from unnest(k.confkey) with ordinality u (num, at)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by u.at),
        'onDelete', k.confdeltype, 'onUpdate', k.confupdtype, 'isPartial', coalesce(k.confdelsetcols <> '{}', false)) end as target,
      array(
        select x from unnest(array[
          case when k.condeferrable then 'deferrable' end,
          case when not k.convalidated then 'not valid' end,
          case when to_jsonb(k) ->> 'conenforced' = 'false' then 'not enforced' end,
          case when to_jsonb(k) ->> 'conperiod' = 'true' then 'without overlaps' end,
          case when k.connoinherit and k.contype = 'c' then 'no inherit' end
        ]) x where x is not null
      ) as settings,
      nullif(obj_description(k.oid, 'pg_constraint'), '') as comment
    from pg_constraint k
    left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
    where k.conrelid >= 16384
    order by k.conrelid, k.conname collate "C"`,
  )
}

function readIndexes(client: Queryable): Promise<readonly (FoundIndex & { readonly table: string })[]> {
  return readRows(
    client,
    sql`
    select i.indrelid::text as table, c.relname as name, pg_get_indexdef(i.indexrelid) as definition,
      i.indisunique as "isUnique", i.indisprimary as "isPrimary", i.indisvalid as "isValid", k.conname as constraint,
      array(select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality u (num, at)
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.num and u.num > 0 order by u.at) as columns,
      i.indpred is not null as "isPartial", i.indnullsnotdistinct as "nullsEqual",
      nullif(obj_description(i.indexrelid, 'pg_class'), '') as comment
    from pg_index i join pg_class c on c.oid = i.indexrelid
    left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
    where i.indrelid >= 16384
    order by i.indrelid, c.relname collate "C"`,
  )
}
