import type { BootProblem } from './boot-problem.ts'
import { handOver } from './hand-over.ts'
import type { OurRoles } from './our-roles.ts'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'

interface Found {
  readonly role: string
  readonly what: string
  readonly fix: string
}

/** What no role of a request may be or have: a way around row security, something to own, somewhere to create, the tenants. */
export async function checkRequestRoles(
  client: Queryable,
  roles: readonly RequestRole[],
  platform: OurRoles & { readonly owner: string },
): Promise<readonly BootProblem[]> {
  const oids = roles.map((role) => role.oid)
  const found = [
    ...(await readRows<Found>(client, attributes(oids))),
    ...(await readRows<Found>(client, ownership(oids, platform.owner))),
    ...(await readRows<Found>(client, creation(oids))),
    ...(await readRows<Found>(client, platformRights(oids))),
  ]
  return found.map(({ role, what, fix }) => ({
    code: 'ROLE_TOO_POWERFUL',
    object: role,
    message: role === 'public' ? `Every role ${what}.` : `A request can become "${role}", which ${what}.`,
    hint: 'Revoke it; roles that requests run as hold nothing but the grants of the policies.',
    // A role of somebody else stays as it is: nobody but its owner shall be able to become it.
    fix: platform.isOurs(role) ? [fix] : platform.waysOut,
  }))
}

const attributes = (oids: readonly string[]) => sql`
  select rolname as role, f.what, format('alter role %I %s;', rolname, f.without) as fix from pg_roles, lateral (values
    (case when rolsuper then 'is a superuser' end, 'nosuperuser'),
    (case when rolbypassrls then 'bypasses row security' end, 'nobypassrls'),
    (case when rolcreaterole then 'may create roles' end, 'nocreaterole'),
    (case when rolcreatedb then 'may create databases' end, 'nocreatedb'),
    (case when rolreplication then 'may replicate' end, 'noreplication')
  ) f (what, without)
  where oid::text = any (${sql.value(oids)}) and rolname <> session_user and f.what is not null
  union all
  select m.rolname, 'may pass on membership of "' || r.rolname || '"',
    format('revoke admin option for %I from %I%s;', r.rolname, m.rolname, case when current_setting('server_version_num')::int >= 160000
      then format(' granted by %I', pg_get_userbyid(a.grantor)) end)
  from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles r on r.oid = a.roleid
  where a.admin_option and a.member::text = any (${sql.value(oids)})`

const ownership = (oids: readonly string[], owner: string) => sql`
  select r.rolname as role, 'owns ' || i.type || ' ' || i.identity as what,
    ${handOver(owner)} as fix
  from pg_roles r
  join pg_shdepend d on d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
    and d.dbid in (0, (select oid from pg_database where datname = current_database())),
  pg_identify_object(d.classid, d.objid, d.objsubid) i
  where r.oid::text = any (${sql.value(oids)}) and r.rolname <> session_user`

const creation = (oids: readonly string[]) => sql`
  select coalesce(r.rolname::text, 'public') as role, 'may create in ' || e.place as what,
    format('revoke %s on %s from %s;', e.privilege, e.thing, case when e.grantee = 0 then 'public' else quote_ident(r.rolname) end) as fix
  from (
    select 'schema "' || nspname || '"' as place, x.grantee, 'create' as privilege, format('schema %I', nspname) as thing
    from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) x where x.privilege_type = 'CREATE'
    union all
    select 'database "' || datname || '"', x.grantee, lower(x.privilege_type), format('database %I', datname)
    from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) x
    where x.privilege_type in ('CREATE', 'TEMPORARY') and datname = current_database()
  ) e left join pg_roles r on r.oid = e.grantee
  where e.grantee = 0 or e.grantee::text = any (${sql.value(oids)})`

// The login may read the record of the last migration, to tell drift; nobody else touches what the platform keeps.
const platformRights = (oids: readonly string[]) => sql`
  select coalesce(r.rolname::text, 'public') as role,
    'may ' || lower(e.privilege_type) || ' on "' || e.schema || '"."' || e.relation || '"' as what,
    format('revoke %s on %I.%I from %s;', lower(e.privilege_type), e.schema, e.relation,
      case when e.grantee = 0 then 'public' else quote_ident(r.rolname) end) as fix
  from (
    select n.nspname as schema, c.relname as relation, x.grantee, x.privilege_type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x
    where n.nspname in ('rowhouse', 'rowhouse_private', 'graphile_migrate', 'graphile_worker')
    union
    select n.nspname, c.relname, x.grantee, x.privilege_type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped, aclexplode(a.attacl) x
    where n.nspname in ('rowhouse', 'rowhouse_private', 'graphile_migrate', 'graphile_worker')
  ) e left join pg_roles r on r.oid = e.grantee
  where (e.grantee = 0 or e.grantee::text = any (${sql.value(oids)}))
    and not (e.schema = 'rowhouse' and e.relation = 'catalog' and e.privilege_type = 'SELECT' and r.rolname = session_user)`
