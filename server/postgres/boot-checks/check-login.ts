import type { BootProblem } from './boot-problem.ts'
import { handOver } from './hand-over.ts'
import { type Queryable, readRows, sql } from './query.ts'

/** Names that the login may be a member of directly. */
export interface LoginRoles {
  readonly groups: readonly string[]
  /** Every role set begins with it: `invoicing_set_`. */
  readonly setPrefix: string
  /** Whom things of the app belong to. */
  readonly owner: string
}

interface Found {
  readonly login: string
  readonly what: string
  readonly fix: string
}

/** What the login itself may not be: powerful by attribute, by membership, by ownership, or by heritage. */
export async function checkLogin(client: Queryable, roles: LoginRoles): Promise<readonly BootProblem[]> {
  const found = [
    ...(await readRows<Found>(client, attributes)),
    ...(await readRows<Found>(client, memberships(roles))),
    ...(await readRows<Found>(client, ownership(roles))),
  ]
  return found.map(({ login, what, fix }) => ({
    code: 'LOGIN_TOO_POWERFUL',
    object: login,
    message: `The server logs in as "${login}", which ${what}.`,
    hint: 'Let the server log in as the role that `rowhouse migrate` made for it: LOGIN NOINHERIT, a member of role sets and nothing else.',
    fix: [fix],
  }))
}

const attributes = sql`
  select rolname as login, f.what, format('alter role %I %s;', rolname, f.without) as fix from pg_roles, lateral (values
    (case when rolsuper then 'is a superuser' end, 'nosuperuser'),
    (case when rolbypassrls then 'bypasses row security' end, 'nobypassrls'),
    (case when rolcreaterole then 'may create roles' end, 'nocreaterole'),
    (case when rolcreatedb then 'may create databases' end, 'nocreatedb'),
    (case when rolreplication then 'may replicate' end, 'noreplication'),
    (case when rolinherit then 'inherits the rights of its roles without "set role"' end, 'noinherit')
  ) f (what, without)
  where rolname = session_user and f.what is not null`

// Since 16 a membership is taken away in the name of whoever gave it.
const revokeText = sql`format('revoke %I from %I%s;', r.rolname, login.rolname,
    case when m.grantor is not null and current_setting('server_version_num')::int >= 160000
      then format(' granted by %I', pg_get_userbyid(m.grantor)) end)`

// A superuser is a member of everything; saying so once is enough.
const memberships = (roles: LoginRoles) => sql`
  select login.rolname as login, 'is a member of "' || r.rolname || '"' as what, ${revokeText} as fix
  from pg_roles login
  join pg_auth_members m on m.member = login.oid
  join pg_roles r on r.oid = m.roleid
  where login.rolname = session_user
    and r.rolname <> all (${sql.value(roles.groups)}::text[]) and not starts_with(r.rolname, ${sql.value(roles.setPrefix)})
  union
  select login.rolname, 'can become "' || r.rolname || '"', ${revokeText}
  from pg_roles login
  join pg_roles r on starts_with(r.rolname, 'pg_') and pg_has_role(login.oid, r.oid, 'MEMBER')
  left join pg_auth_members m on m.member = login.oid and m.roleid = r.oid
  where login.rolname = session_user and not login.rolsuper`

const ownership = (roles: LoginRoles) => sql`
  select login.rolname as login, 'owns ' || i.type || ' ' || i.identity as what,
    ${handOver(roles.owner)} as fix
  from pg_roles login
  join pg_shdepend d on d.refclassid = 'pg_authid'::regclass and d.refobjid = login.oid and d.deptype = 'o'
    and d.dbid in (0, (select oid from pg_database where datname = current_database())),
  pg_identify_object(d.classid, d.objid, d.objsubid) i
  where login.rolname = session_user`
