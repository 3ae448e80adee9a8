import { sql } from '#base'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'
import type { RoleWords } from '../role-words.ts'

/** Owner, rights and comment of the schemas themselves, and rights of our roles and of everyone beyond them. */
export function readSchemaExtras(
  client: Queryable,
  schemas: readonly string[],
  words: RoleWords,
): Promise<readonly Extra[]> {
  const roles = sql.value([...words.groups, words.names.login])
  return readRows<Extra>(
    client,
    sql`
    with own as (select * from pg_namespace where nspname = any (${sql.value(schemas)}))
    select 'schema' as kind, nspname::text as object, 'is owned by "' || pg_get_userbyid(nspowner) || '"' as what from own
    union all
    select 'schema', nspname, coalesce('"' || r.rolname || '"', 'public') || ' has ' || lower(x.privilege_type)
      || case when x.is_grantable then ' and may pass it on' else '' end
    from own, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) x left join pg_roles r on r.oid = x.grantee
    where x.grantee <> nspowner
    union all
    select 'schema', nspname, 'is published by ' || p.pubname
    from own join pg_publication_namespace pn on pn.pnnspid = own.oid join pg_publication p on p.oid = pn.pnpubid
    union all
    select 'default right', coalesce(own.nspname, 'any schema'), 'objects of kind ' || d.defaclobjtype::text
      || ' made by "' || pg_get_userbyid(d.defaclrole) || '": ' || coalesce('"' || r.rolname || '"', 'public')
      || ' gets ' || lower(x.privilege_type)
    from pg_default_acl d left join own on own.oid = d.defaclnamespace, aclexplode(d.defaclacl) x
    left join pg_roles r on r.oid = x.grantee
    where own.oid is not null or pg_get_userbyid(d.defaclrole) = any (${roles})
    union all
    select e.kind, e.object, coalesce('"' || r.rolname || '"', 'public') || ' has ' || lower(x.privilege_type)
    from (
      select 'database', 'this one', coalesce(datacl, acldefault('d', datdba))
      from pg_database where datname = current_database()
      union all
      select 'schema', 'public', coalesce(nspacl, acldefault('n', nspowner)) from pg_namespace where nspname = 'public'
    ) e (kind, object, acl), aclexplode(e.acl) x left join pg_roles r on r.oid = x.grantee
    where x.grantee = 0 or r.rolname = any (${roles})`,
  )
}
