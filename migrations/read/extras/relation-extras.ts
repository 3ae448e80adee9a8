import { sql } from '#base'
import type { View } from '../../catalog/catalog.ts'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'

/** Views that are none of ours, sequences, foreign tables, types: relations that a catalog never makes. */
export function readRelationExtras(
  client: Queryable,
  schemas: readonly string[],
  views: readonly View[],
): Promise<readonly Extra[]> {
  const known = sql.value(views.map(({ schema, name }) => `${schema}.${name}`))
  return readRows<Extra>(
    client,
    sql`
    with own as (select oid, nspname from pg_namespace where nspname = any (${sql.value(schemas)})),
    relation as (select c.*, n.nspname || '.' || c.relname as object from pg_class c join own n on n.oid = c.relnamespace)
    select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'sequence' end as kind,
      object, 'exists, owned by "' || pg_get_userbyid(relowner) || '"'
        || coalesce(', ' || array_to_string(reloptions, ', '), '')
        || coalesce(', ' || relacl::text, '')
        || case when relkind in ('v', 'm') then ', as ' || pg_get_viewdef(oid) else '' end as what
    from relation r where (relkind in ('v', 'm', 'f') and not (relkind = 'v' and object = any (${known}::text[]))) or (relkind = 'S' and (relacl is not null or not exists (
      -- That of an identity column is told with the column, as long as it is plain.
      select from pg_depend d join pg_class t on t.oid = d.refobjid and t.relowner = r.relowner
      where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i'
    ) or exists (select from pg_sequence s where s.seqrelid = r.oid
      and (s.seqincrement, s.seqmin, s.seqstart, s.seqcycle) is distinct from (1, 1, 1, false))))
    union all
    select 'type', n.nspname || '.' || t.typname, 'exists (' || t.typtype::text || ')'
    from pg_type t join own n on n.oid = t.typnamespace
    where (t.typtype <> 'c' and t.typelem = 0) or (select relkind from pg_class where oid = t.typrelid) = 'c'
    union all
    select 'other object', identified.identity, 'exists (' || identified.type || ')'
    from pg_depend d join own n on d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid and d.deptype = 'n',
      pg_identify_object(d.classid, d.objid, 0) identified
    where d.classid not in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_default_acl'::regclass)
    union all
    select 'view', object, 'has option ' || option from relation, unnest(reloptions) option
    where relkind = 'v' and object = any (${known}::text[]) and option not like 'security\\_barrier=%' and option not like 'security\\_invoker=%'
    union all
    select 'trigger', object || ' ' || t.tgname, 'exists on a view'
    from relation r join pg_trigger t on t.tgrelid = r.oid where relkind = 'v' and not t.tgisinternal
    union all
    select 'rule', object || ' ' || w.rulename, pg_get_ruledef(w.oid)
    from pg_rewrite w join relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'`,
  )
}
