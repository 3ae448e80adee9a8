import { type Sql, sql } from '#base'

/**
 * SQL expression: the statement that gives a thing to another role; default privileges, which cannot be given, are put back to what Postgres has by
 * itself. For queries that join `pg_shdepend d` and `pg_identify_object(…) i`.
 */
export function handOver(owner: string): Sql {
  return sql`case when d.classid = 'pg_default_acl'::regclass then (
      select concat_ws(' ',
        (select string_agg(format('%s revoke all on %s from %s;', p.start, p.things, coalesce(quote_ident(g.rolname), 'public')), ' ')
          from aclexplode(a.defaclacl) x left join pg_roles g on g.oid = x.grantee where x.grantee <> a.defaclrole),
        case when a.defaclnamespace = 0 then format('%s grant all on %s to %I;', p.start, p.things, pg_get_userbyid(a.defaclrole)) end,
        case when a.defaclnamespace = 0 and a.defaclobjtype = 'f' then p.start || ' grant execute on functions to public;' end,
        case when a.defaclnamespace = 0 and a.defaclobjtype = 'T' then p.start || ' grant usage on types to public;' end)
      from pg_default_acl a, lateral (select
        format('alter default privileges for role %I%s', pg_get_userbyid(a.defaclrole), case when a.defaclnamespace <> 0 then
          format(' in schema %I', (select nspname from pg_namespace where oid = a.defaclnamespace)) end) as start,
        case a.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
          when 'n' then 'schemas' else 'large objects' end as things) p
      where a.oid = d.objid
    ) else format('alter %s %s owner to %I;', i.type, i.identity, ${sql.value(owner)}::text) end`
}
