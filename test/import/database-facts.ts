import type { ClientBase } from 'pg'

/** Every part of every relation that somebody made, by `schema.relation.part`: asked for otherwise than the import does. */
export async function tableParts(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ part: string }>(`
    select table_schema || '.' || table_name || '.' || column_name as part from information_schema.columns
      where table_schema not in ('pg_catalog', 'information_schema')
    union select n.nspname || '.' || c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and c.relkind = 'm' and n.nspname not like 'pg\\_%'
    union select n.nspname || '.' || c.relname || '.' || k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_namespace n on n.oid = c.relnamespace where n.nspname not in ('pg_catalog', 'information_schema') and k.contype <> 'n'
    union select schemaname || '.' || tablename || '.' || indexname from pg_indexes
      where schemaname not in ('pg_catalog', 'information_schema')
    order by 1`)
  return rows.map(({ part }) => part)
}

/** Names of whatever has no rows, and of what changes or guards rows. */
export async function otherNames(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select proname as name from pg_proc p where oid >= 16384 and not exists (
      select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
    union select typname from pg_type t where oid >= 16384 and typcategory <> 'A' and typtype <> 'm'
      and (typrelid = 0 or (select relkind from pg_class c where c.oid = t.typrelid) = 'c')
    union select c.relname from pg_class c where relkind = 'S' and oid >= 16384 and not exists (
      select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i'))
    union select tgname from pg_trigger where not tgisinternal
    union select polname from pg_policy
    union select rulename from pg_rewrite where oid >= 16384 and rulename <> '_RETURN'
    union select collname from pg_collation where oid >= 16384
    union select oprname from pg_operator where oid >= 16384
    union select cfgname from pg_ts_config where oid >= 16384
    union select stxname from pg_statistic_ext
    union select pubname from pg_publication
    union select extname from pg_extension where extname <> 'plpgsql'
    order by 1`)
  return rows.map(({ name }) => name)
}
