import { type Queryable, readRows, sql } from './query.ts'

/** A role that a request can become. */
export interface RequestRole {
  readonly oid: string
  readonly name: string
}

/** The login and every role that it can `set role` to, directly or through others. */
export function readRequestRoles(client: Queryable): Promise<readonly RequestRole[]> {
  return readRows<RequestRole>(
    client,
    sql`
    select oid::text as oid, rolname as name from pg_roles
    where pg_has_role(session_user, oid, 'MEMBER')
    order by rolname <> session_user, rolname`,
  )
}
