import type { BootProblem } from './boot-problem.ts'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'

interface Found {
  readonly role: string
  readonly what: string
}

/** What no role of a request may be or have: a way around row security, something to own, somewhere to create, the tenants. */
export async function checkRequestRoles(
  client: Queryable,
  roles: readonly RequestRole[],
): Promise<readonly BootProblem[]> {
  const oids = roles.map((role) => role.oid)
  const found = [
    ...(await readRows<Found>(client, attributes(oids))),
    ...(await readRows<Found>(client, ownership(oids))),
    ...(await readRows<Found>(client, creation(oids))),
    ...(await readRows<Found>(client, platformRights(oids))),
  ]
  return found.map(({ role, what }) => ({
    code: 'ROLE_TOO_POWERFUL',
    object: role,
    message: role === 'public' ? `Every role ${what}.` : `A request can become "${role}", which ${what}.`,
    hint: 'Revoke it; roles that requests run as hold nothing but the grants of the policies.',
  }))
}

const attributes = (oids: readonly string[]) => sql`
  select rolname as role, f.what from pg_roles, lateral (values
    (case when rolsuper then 'is a superuser' end),
    (case when rolbypassrls then 'bypasses row security' end),
    (case when rolcreaterole then 'may create roles' end),
    (case when rolcreatedb then 'may create databases' end),
    (case when rolreplication then 'may replicate' end)
  ) f (what)
  where oid::text = any (${sql.value(oids)}) and rolname <> session_user and f.what is not null
  union all
  select m.rolname, 'may pass on membership of "' || r.rolname || '"'
  from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles r on r.oid = a.roleid
  where a.admin_option and a.member::text = any (${sql.value(oids)})`

const ownership = (oids: readonly string[]) => sql`
  select r.rolname as role, 'owns ' || i.type || ' ' || i.identity as what
  from pg_roles r
  join pg_shdepend d on d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
    and d.dbid in (0, (select oid from pg_database where datname = current_database())),
  pg_identify_object(d.classid, d.objid, d.objsubid) i
  where r.oid::text = any (${sql.value(oids)}) and r.rolname <> session_user`

const creation = (oids: readonly string[]) => sql`
  select coalesce(r.rolname::text, 'public') as role, 'may create in ' || e.place as what
  from (
    select 'schema "' || nspname || '"' as place, x.grantee
    from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) x where x.privilege_type = 'CREATE'
    union all
    select 'database "' || datname || '"', x.grantee
    from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) x
    where x.privilege_type in ('CREATE', 'TEMPORARY') and datname = current_database()
  ) e left join pg_roles r on r.oid = e.grantee
  where e.grantee = 0 or e.grantee::text = any (${sql.value(oids)})`

// The login may read the record of the last migration, to tell drift; nobody else touches what the platform keeps.
const platformRights = (oids: readonly string[]) => sql`
  select coalesce(r.rolname::text, 'public') as role,
    'may ' || lower(e.privilege_type) || ' on "' || e.schema || '"."' || e.relation || '"' as what
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
