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

/** A view that row policies read, and who may. */
export interface PolicyView {
  /** In schema `rowhouse_private`. */
  readonly name: string
  /** Names in this cluster. */
  readonly owner: string
  readonly readers: readonly string[]
}

/** What no role of a request may be or have: a way around row security, something to own, somewhere to create, the tenants. */
export async function checkRequestRoles(
  client: Queryable,
  roles: readonly RequestRole[],
  platform: OurRoles & { readonly owner: string; readonly policyViews: readonly PolicyView[] },
): Promise<readonly BootProblem[]> {
  const oids = roles.map((role) => role.oid)
  const found = [
    ...(await readRows<Found>(client, attributes(oids))),
    ...(await readRows<Found>(client, ownership(oids, platform.owner))),
    ...(await readRows<Found>(client, creation(oids))),
    ...(await readRows<Found>(client, platformRights(oids, platform.policyViews))),
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

// The login may read the record of the last migration, to tell drift, and policies read views that are fenced; nobody else touches what the platform keeps.
const platformRights = (oids: readonly string[], views: readonly PolicyView[]) => sql`
  select coalesce(r.rolname::text, 'public') as role,
    'may ' || lower(e.privilege_type) || ' on "' || e.schema || '"."' || e.relation || '"' as what,
    case when v.known is null then format('revoke %s on %I.%I from %s;', lower(e.privilege_type), e.schema, e.relation,
        case when e.grantee = 0 then 'public' else quote_ident(r.rolname) end)
      else format('alter view %1$I.%2$I set (security_barrier = true, security_invoker = false); alter view %1$I.%2$I owner to %3$I;', e.schema, e.relation, v.known ->> 1)
    end as fix
  from (
    select n.nspname as schema, c.relname as relation, x.grantee, x.privilege_type, ${fencedOwner} as fenced_owner, false as of_column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x
    where n.nspname in ('rowhouse', 'rowhouse_private', 'rowhouse_queue', 'graphile_migrate', 'graphile_worker')
    union
    select n.nspname, c.relname, x.grantee, x.privilege_type, null, true
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped, aclexplode(a.attacl) x
    where n.nspname in ('rowhouse', 'rowhouse_private', 'rowhouse_queue', 'graphile_migrate', 'graphile_worker')
  ) e left join pg_roles r on r.oid = e.grantee
  left join (select given::jsonb as known from unnest(${sql.value(known(views))}::text[]) given) v
    on e.schema = 'rowhouse_private' and e.privilege_type = 'SELECT' and not e.of_column and e.relation = v.known ->> 0 and r.rolname = v.known ->> 2
  where (e.grantee = 0 or e.grantee::text = any (${sql.value(oids)}))
    and not (e.schema = 'rowhouse' and e.relation = 'catalog' and e.privilege_type = 'SELECT' and r.rolname = session_user)
    and (v.known is null or e.fenced_owner is distinct from v.known ->> 1)`

/** Whose rights a view reads with, as long as nobody's filters run before its own. */
const fencedOwner = sql`case when c.relkind = 'v' and exists (
      select from pg_options_to_table(c.reloptions) where option_name = 'security_barrier' and option_value::boolean
    ) and not exists (
      select from pg_options_to_table(c.reloptions) where option_name = 'security_invoker' and option_value::boolean
    ) then pg_get_userbyid(c.relowner) end`

function known(views: readonly PolicyView[]): readonly string[] {
  return views.flatMap(({ name, owner, readers }) => readers.map((reader) => JSON.stringify([name, owner, reader])))
}
