import { quoteIdentifier } from '#base'
import type { BootProblem } from './boot-problem.ts'
import type { OurRoles } from './our-roles.ts'
import { type Queryable, readRows, sql } from './query.ts'
import type { RequestRole } from './request-roles.ts'

/** A function that requests may call, and the roles that may. */
export interface KnownFunction {
  /** `rowhouse.claim(text)`: types only. */
  readonly signature: string
  /** Names in this cluster, or `public`. */
  readonly execute: readonly string[]
}

interface Found {
  /** Quoted, with the types of its arguments. */
  readonly name: string
  readonly signature: string
  /** Names of roles of requests, or `public`. */
  readonly callers: readonly string[]
}

/** Functions in our schemas that requests may call without the catalog saying so. */
export async function checkFunctions(
  client: Queryable,
  known: readonly KnownFunction[],
  { roles, isOurs, waysOut }: OurRoles & { readonly roles: readonly RequestRole[] },
): Promise<readonly BootProblem[]> {
  const allowed = new Map(known.map((one) => [one.signature, one.execute]))
  const found = await readFunctions(client, roles)
  return found.flatMap((one) =>
    one.callers
      .filter((caller) => !(allowed.get(one.signature) ?? []).includes(caller))
      .map((caller) => (isOurs(caller) ? exposed(one, caller) : { ...exposed(one, caller), fix: waysOut })),
  )
}

function exposed(one: Found, caller: string): BootProblem {
  const who = caller === 'public' ? 'every role' : `"${caller}"`
  return {
    code: 'FUNCTION_EXPOSED',
    object: one.signature,
    message: `Function "${one.signature}" may be called by ${who}, which the model does not say.`,
    hint: 'Revoke execute on it, or drop it if Rowhouse did not make it.',
    fix: [`revoke execute on function ${one.name} from ${caller === 'public' ? 'public' : quoteIdentifier(caller)};`],
  }
}

function readFunctions(client: Queryable, roles: readonly RequestRole[]): Promise<readonly Found[]> {
  return readRows<Found>(
    client,
    sql`
    select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature,
      p.oid::regprocedure::text as name,
      array(
        select distinct coalesce(r.rolname::text, 'public')
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x left join pg_roles r on r.oid = x.grantee
        where x.grantee = 0 or x.grantee::text = any (${sql.value(roles.map((role) => role.oid))})
        order by 1
      ) as callers
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('app', 'rowhouse', 'rowhouse_private', 'rowhouse_queue')
    order by 1`,
  )
}
