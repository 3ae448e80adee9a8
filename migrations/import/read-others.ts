import { sql } from '#base'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { FoundObject } from './found-database.ts'
import { ofSomebody, type Schemas } from './schemas.ts'

/**
 * Things without rows that somebody made. Those that belong to an extension come with it; sequences of columns and types of
 * tables come with their table.
 */
export async function readOthers(client: Queryable, schemas: Schemas): Promise<readonly FoundObject[]> {
  const inSchemas = await readInSchemas(client, schemas)
  // Of some schemas alone, what belongs to the whole database is not asked for.
  const inDatabase = schemas.length > 0 ? [] : await readInDatabase(client)
  return [...inSchemas, ...inDatabase]
}

function readInSchemas(client: Queryable, schemas: Schemas): Promise<readonly FoundObject[]> {
  return readRows<FoundObject>(
    client,
    sql`
    select kind, name from (
      select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window function' else 'function' end as kind,
        n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name, p.oid, 'pg_proc'::regclass as class
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ofSomebody(schemas)}
      union all
      select 'sequence', n.nspname || '.' || c.relname, c.oid, 'pg_class'::regclass
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S' and ${ofSomebody(schemas)}
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i'))
      union all
      select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range type' when 'c' then 'composite type' else 'type' end,
        n.nspname || '.' || t.typname, t.oid, 'pg_type'::regclass
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
      where ${ofSomebody(schemas)} and t.typcategory <> 'A' and t.typtype <> 'm' and (t.typrelid = 0 or c.relkind = 'c')
      union all
      select 'operator', n.nspname || '.' || o.oprname, o.oid, 'pg_operator'::regclass
      from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where ${ofSomebody(schemas)}
      union all
      select 'operator class', n.nspname || '.' || o.opcname, o.oid, 'pg_opclass'::regclass
      from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace where ${ofSomebody(schemas)}
      union all
      select 'operator family', n.nspname || '.' || o.opfname, o.oid, 'pg_opfamily'::regclass
      from pg_opfamily o join pg_namespace n on n.oid = o.opfnamespace where ${ofSomebody(schemas)}
      union all
      select 'collation', n.nspname || '.' || o.collname, o.oid, 'pg_collation'::regclass
      from pg_collation o join pg_namespace n on n.oid = o.collnamespace where ${ofSomebody(schemas)}
      union all
      select 'conversion', n.nspname || '.' || o.conname, o.oid, 'pg_conversion'::regclass
      from pg_conversion o join pg_namespace n on n.oid = o.connamespace where ${ofSomebody(schemas)}
      union all
      select 'text search configuration', n.nspname || '.' || o.cfgname, o.oid, 'pg_ts_config'::regclass
      from pg_ts_config o join pg_namespace n on n.oid = o.cfgnamespace where ${ofSomebody(schemas)}
      union all
      select 'text search dictionary', n.nspname || '.' || o.dictname, o.oid, 'pg_ts_dict'::regclass
      from pg_ts_dict o join pg_namespace n on n.oid = o.dictnamespace where ${ofSomebody(schemas)}
      union all
      select 'extended statistics', n.nspname || '.' || o.stxname, o.oid, 'pg_statistic_ext'::regclass
      from pg_statistic_ext o join pg_namespace n on n.oid = o.stxnamespace where ${ofSomebody(schemas)}
    ) found
    where not exists (select from pg_depend d where d.classid = found.class and d.objid = found.oid and d.deptype in ('e', 'i'))
    order by kind collate "C", name collate "C"`,
  )
}

function readInDatabase(client: Queryable): Promise<readonly FoundObject[]> {
  return readRows<FoundObject>(
    client,
    sql`
    select kind, name from (
      select 'extension' as kind, extname::text as name from pg_extension where extname <> 'plpgsql'
      union all select 'event trigger', evtname::text from pg_event_trigger
      union all select 'publication', pubname::text from pg_publication
      union all select 'foreign server', srvname::text from pg_foreign_server
      union all select 'foreign-data wrapper', fdwname::text from pg_foreign_data_wrapper
      union all select 'cast', format_type(castsource, null) || ' as ' || format_type(casttarget, null) from pg_cast c
        where c.oid >= 16384 and not exists (select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype in ('e', 'i'))
      union all select 'language', lanname::text from pg_language where oid >= 16384
      union all select 'large objects', count(*)::text from pg_largeobject_metadata having count(*) > 0
      union all select 'default rights', coalesce((select nspname::text from pg_namespace where oid = defaclnamespace), 'every schema')
        from pg_default_acl
    ) found
    order by kind collate "C", name collate "C"`,
  )
}
