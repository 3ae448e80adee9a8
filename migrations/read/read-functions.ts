import { sql } from '#base'
import type { DatabaseFunction, RoleName } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'

type FunctionRow = Omit<DatabaseFunction, 'settings' | 'execute' | 'owner' | 'returns'> & {
  readonly returns: string | null
  readonly owner: string
  readonly settings: readonly string[]
  readonly execute: readonly string[]
}

/** Functions of some schemas, sorted by name. What the catalog cannot say about them is told by the extras. */
export async function readFunctions(
  client: Queryable,
  schemas: readonly string[],
  words: RoleWords,
): Promise<readonly DatabaseFunction[]> {
  const rows = await readRows<FunctionRow>(
    client,
    sql`
    select n.nspname as schema, p.proname as name, pg_get_function_arguments(p.oid) as arguments,
      pg_get_function_identity_arguments(p.oid) as identity, pg_get_function_result(p.oid) as returns,
      l.lanname as language,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      case when p.prosecdef then 'definer' else 'invoker' end as security,
      pg_get_userbyid(p.proowner)::text as owner, coalesce(p.proconfig, '{}') as settings,
      case when p.proretset then p.prorows end as rows,
      coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as body, p.prosqlbody is not null as atomic,
      array(
        select coalesce(r.rolname::text, 'public')
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x left join pg_roles r on r.oid = x.grantee
        where x.privilege_type = 'EXECUTE' and x.grantee <> p.proowner
      ) as execute,
      obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace and n.nspname = any (${sql.value(schemas)})
    join pg_language l on l.oid = p.prolang
    where p.prokind <> 'a'
    order by 1, 2, 4`,
  )
  return rows.map((row) => functionOf(row, words))
}

function functionOf(row: FunctionRow, words: RoleWords): DatabaseFunction {
  return {
    ...row,
    arguments: words.text(row.arguments),
    // A procedure returns nothing.
    returns: row.returns ?? '',
    owner: words.word(row.owner) as RoleName,
    settings: Object.fromEntries([...row.settings].sort().map(settingOf)),
    body: words.text(row.body),
    execute: row.execute.map(words.word).sort() as RoleName[],
  }
}

function settingOf(entry: string): readonly [string, string] {
  const at = entry.indexOf('=')
  return [entry.slice(0, at), entry.slice(at + 1)]
}
