import type pg from 'pg'
import { sql } from '#base'
import { send } from '../connect/send.ts'

/** What the cluster says about a role. */
export interface RoleFacts {
  readonly name: string
  readonly canLogin: boolean
  readonly inherits: boolean
  /** Attributes that none of our roles may have, such as `BYPASSRLS`. */
  readonly powers: readonly string[]
  readonly memberOf: readonly string[]
  readonly comment: string | null
}

/** Facts of those of the named roles that exist, by name. */
export async function readRoleFacts(
  client: pg.ClientBase,
  names: readonly string[],
): Promise<ReadonlyMap<string, RoleFacts>> {
  const rows = await send<RoleFacts>(
    client,
    sql`
    select r.rolname::text as name, r.rolcanlogin as "canLogin", r.rolinherit as inherits,
      array_remove(array[
        case when r.rolsuper then 'SUPERUSER' end, case when r.rolbypassrls then 'BYPASSRLS' end,
        case when r.rolcreaterole then 'CREATEROLE' end, case when r.rolcreatedb then 'CREATEDB' end,
        case when r.rolreplication then 'REPLICATION' end], null) as powers,
      array(
        select distinct g.rolname::text from pg_catalog.pg_auth_members m
        join pg_catalog.pg_roles g on g.oid = m.roleid where m.member = r.oid order by 1
      ) as "memberOf",
      pg_catalog.shobj_description(r.oid, 'pg_authid') as comment
    from pg_catalog.pg_roles r
    where r.rolname::text = any (${sql.value(names)})`,
  )
  return new Map(rows.map((row) => [row.name, row]))
}
