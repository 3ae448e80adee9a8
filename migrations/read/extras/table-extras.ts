import { sql } from '#base'
import { columnOptions } from '../column-options.ts'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'

/** Storage, inheritance, odd columns, indexes, triggers and grants of tables. */
export async function readTableExtras(client: Queryable, schemas: readonly string[]): Promise<readonly Extra[]> {
  return [
    ...(await readRows<Extra>(client, tableOptions(schemas))),
    ...(await readRows<Extra>(client, columnsAndKeys(schemas))),
    ...(await readRows<Extra>(client, switchesAndRights(schemas))),
  ]
}

const relations = (schemas: readonly string[]) => sql`
  select c.*, n.nspname || '.' || c.relname as object from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = any (${sql.value(schemas)})
  where c.relkind in ('r', 'p')`

const tableOptions = (schemas: readonly string[]) => sql`
  with relation as (${relations(schemas)})
  select 'table' as kind, object, 'is unlogged' as what from relation where relpersistence <> 'p'
  -- What stands behind a partitioned table of ours is told with that.
  union all select 'table', object, 'is a partition' from relation r
    where relispartition and not exists (select from pg_inherits i join relation p on p.oid = i.inhparent and p.relkind = 'p' where i.inhrelid = r.oid)
  union all select 'table', object, 'inherits from ' || i.inhparent::regclass
    from relation r join pg_inherits i on i.inhrelid = r.oid
    where not exists (select from relation p where p.oid = i.inhparent and p.relkind = 'p')
  union all select 'table', object, 'is inherited by ' || i.inhrelid::regclass
    from relation r join pg_inherits i on i.inhparent = r.oid
    where r.relkind <> 'p' or not exists (select from relation c where c.oid = i.inhrelid)
  union all select 'table', object, 'has option ' || o from relation, unnest(reloptions) o
  union all select 'table', object, 'has replica identity ' || relreplident::text from relation where relreplident <> 'd'
  union all select 'table', object, 'lies in tablespace ' || reltablespace from relation where reltablespace <> 0
  union all select 'table', object, 'is of type ' || reloftype::regtype from relation where reloftype <> 0
  union all select 'table', object, 'is stored as ' || am.amname
    from relation r join pg_am am on am.oid = r.relam where am.amname <> 'heap'
  union all select 'table', object, 'is published by ' || p.pubname
    from relation r join pg_publication_rel pr on pr.prrelid = r.oid join pg_publication p on p.oid = pr.prpubid`

// A column that is not null without a valid constraint exists from Postgres 18 on; it prints as `not valid`.
const columnsAndKeys = (schemas: readonly string[]) => sql`
  with relation as (${relations(schemas)}),
  index as (
    select i.*, r.object || ' ' || ic.relname as name, ic.relam, ic.reloptions as options
    from relation r join pg_index i on i.indrelid = r.oid join pg_class ic on ic.oid = i.indexrelid
  )
  select 'column' as kind, object || ' ' || a.attname as object, f.what
  from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid,
  lateral (values
    (case when a.attidentity not in ('', 'd') then 'is an identity (' || a.attidentity::text || ')' end),
    (case when a.attgenerated <> '' then 'is generated (' || a.attgenerated::text || ')' end),
    (case when a.attcollation not in (0, t.typcollation) then 'is collated ' || a.attcollation::regcollation end),
    ('has options ' || ${columnOptions})
  ) f (what) where f.what is not null
  union all
  select 'constraint', object || ' ' || k.conname, pg_get_constraintdef(k.oid)
  from relation r join pg_constraint k on k.conrelid = r.oid
  where k.contype not in ('p', 'u', 'f', 'c', 'n', 'x', 't') or (k.contype = 'n' and not k.convalidated)
  union all
  select 'index', name, 'is invalid' from index where not (indisvalid and indisready and indislive)
  union all
  select 'index', name, 'is ' || pg_get_indexdef(indexrelid) from index
  where options is not null or not indimmediate
  union all
  select 'index', name, 'is the replica identity' from index where indisreplident
  union all
  select 'trigger', object || ' ' || t.tgname, 'has comment ' || quote_literal(d.description)
  from pg_description d
  join pg_trigger t on d.classoid = 'pg_trigger'::regclass and t.oid = d.objoid
  join relation r on r.oid = t.tgrelid
  union all
  select 'index', name, 'has comment ' || quote_literal(obj_description(indexrelid, 'pg_class')) from index
  where obj_description(indexrelid, 'pg_class') is not null`

const switchesAndRights = (schemas: readonly string[]) => sql`
  with relation as (${relations(schemas)})
  select 'trigger' as kind, object || ' ' || case when t.tgisinternal then 'of a foreign key' else t.tgname end as object,
    case t.tgenabled when 'D' then 'is disabled' when 'R' then 'fires on replicas only' else 'fires always' end as what
  from relation r join pg_trigger t on t.tgrelid = r.oid where t.tgenabled <> 'O'
  union all
  select 'grant', object || coalesce(' ' || e.column, ''),
    coalesce('"' || g.rolname || '"', 'public') || ' may pass on ' || lower(e.privilege)
  from (
    select r.object, r.relowner, null::name as column, x.* from relation r, aclexplode(r.relacl) x
    union all
    select r.object, r.relowner, a.attname, x.*
    from relation r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped, aclexplode(a.attacl) x
  ) e (object, owner, "column", grantor, grantee, privilege, grantable)
  left join pg_roles g on g.oid = e.grantee
  where e.grantable and e.grantee <> e.owner
  union all
  select 'grant', object, 'the owner lacks ' || lower(d.privilege_type)
  from relation r, aclexplode(acldefault('r', r.relowner)) d
  where d.grantee = r.relowner and r.relacl is not null and not exists (
    select from aclexplode(r.relacl) x where x.grantee = r.relowner and x.privilege_type = d.privilege_type
  )`
