import { sql } from '#base'
import { markerPattern } from '../../roles/marker-roles.ts'
import { loginBecomes } from '../../roles/queue-roles.ts'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'
import type { RoleWords } from '../role-words.ts'

/**
 * Attributes and settings of the app's roles that none of them should have, and members that are none of ours.
 *
 * Who can make roles anyway (the migrator, the provisioner) may be a member of any: on Postgres 15 such a role could
 * grant itself the membership, from 16 on it holds it since it made the role.
 */
export function readRoleExtras(client: Queryable, words: RoleWords): Promise<readonly Extra[]> {
  const known = sql.value(words.groups)
  const login = sql.value(words.names.login)
  const ofSet = sql.value(`^${words.names.prefix}_set_[0-9a-f]{12}$`)
  const ofMarker = sql.value(markerPattern(words.names))
  return readRows<Extra>(
    client,
    sql`
    with own as (
      select *, rolname = any (${known}) as is_group, rolname = ${login} as is_login from pg_roles
      where rolname = any (${known}) or rolname = ${login} or rolname ~ ${ofSet}
    )
    select 'role' as kind, '"' || rolname || '"' as object, f.what from own, lateral (values
      (case when rolsuper then 'is a superuser' end),
      (case when rolbypassrls then 'bypasses row security' end),
      (case when rolcreaterole then 'may create roles' end),
      (case when rolcreatedb then 'may create databases' end),
      (case when rolreplication then 'may replicate' end),
      (case when rolcanlogin and not is_login then 'may log in' end),
      (case when rolinherit and is_login then 'inherits rights' end)
    ) f (what) where f.what is not null
    union all
    select 'role', '"' || rolname || '"', 'has setting ' || c
    from own join pg_db_role_setting s on s.setrole = own.oid
      and s.setdatabase in (0, (select oid from pg_database where datname = current_database())), unnest(s.setconfig) c
    union all
    select 'role', '"' || member.rolname || '"', 'is a member of "' || own.rolname || '"'
    from own join pg_auth_members m on m.roleid = own.oid join pg_roles member on member.oid = m.member
    where not member.rolname = any (${known}) and not member.rolcreaterole and not member.rolsuper
      and case
        when member.rolname = ${login} then own.is_group and own.rolname <> all (${sql.value(loginBecomes(words.names))})
        when member.rolname ~ ${ofSet} then not own.is_group or own.rolname in
          (${sql.value(words.names.owner)}, ${sql.value(words.names.private)}, ${sql.value(words.names.reports)}, ${sql.value(words.names.queueKeeper)})
        else true end
    union all
    select 'role', '"' || own.rolname || '"', 'is a member of "' || other.rolname || '"'
    from own join pg_auth_members m on m.member = own.oid join pg_roles other on other.oid = m.roleid
    where not own.is_group and other.oid not in (select oid from own) and not other.rolname::text ~ ${ofMarker}
    union all
    select 'role', '"' || own.rolname || '"', 'may pass on membership of "' || other.rolname || '"'
    from own join pg_auth_members m on m.member = own.oid join pg_roles other on other.oid = m.roleid
    where m.admin_option`,
  )
}
