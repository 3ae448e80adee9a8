import { sql } from '#base'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'

/** Properties of functions that a catalog cannot say, and aggregates. */
export function readFunctionExtras(client: Queryable, schemas: readonly string[]): Promise<readonly Extra[]> {
  return readRows<Extra>(
    client,
    sql`
    with function as (
      select p.*, n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as object
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname = any (${sql.value(schemas)})
    )
    select 'function' as kind, object, f.what from function p, lateral (values
      (case p.prokind when 'a' then 'is an aggregate' when 'w' then 'is a window function' when 'p' then 'is a procedure' end),
      (case when p.proleakproof then 'is leakproof' end),
      (case when p.proisstrict then 'is strict' end),
      (case when p.proparallel <> 'u' then 'is parallel ' || p.proparallel::text end),
      (case when p.prosupport <> 0 then 'is supported by ' || p.prosupport::text end),
      (case when p.procost <> 100 then 'costs ' || p.procost end),
      (case when exists (
        select from aclexplode(p.proacl) x where x.is_grantable and x.grantee <> p.proowner
      ) then 'may be passed on: ' || p.proacl::text end),
      (case when p.proacl is not null and not exists (
        select from aclexplode(p.proacl) x where x.grantee = p.proowner and x.privilege_type = 'EXECUTE'
      ) then 'may not be executed by its owner' end)
    ) f (what) where f.what is not null`,
  )
}
