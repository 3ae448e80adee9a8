import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  absent,
  acme,
  foreignCustomer,
  foreignOrder,
  goneOrder,
  hiddenA,
  lines,
  mia,
  sam,
  theirs,
  useDoors,
} from './doors.ts'
import { functionOf, statements, without } from './without.ts'

// Whatever a role of requests may name in SQL: relations and functions. Protection: grants by name, definer functions that ask for the right to read
// before they answer, and defaults that give nobody what is made later.
const app = useDoors()
const own = `n.nspname in ('app', 'rowhouse', 'rowhouse_private')`

const callers = () => {
  const { member, anonymous, login } = app().database.names
  return [member, anonymous, login, `${app().database.names.prefix}_seller`, `${app().database.names.prefix}_boss`]
}

interface Routine {
  readonly name: string
  readonly schema: string
  readonly args: readonly string[]
  readonly definer: boolean
}

/** Functions that some role of requests may execute. */
async function routines(): Promise<readonly Routine[]> {
  const { rows } = await app().database.migrator.query<Routine>(
    `select n.nspname as schema, n.nspname || '.' || quote_ident(p.proname) as name, p.prosecdef as definer,
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality a (t, at) order by at) as args
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where ${own} and exists (select from unnest($1::text[]) r where has_function_privilege(r, p.oid, 'execute')) order by 2, 4`,
    [callers()],
  )
  return rows
}

describe('functions', () => {
  let all: readonly Routine[]
  beforeAll(async () => {
    all = await routines()
  })

  test('none is executed by public, and each that runs as its owner has a search_path that nobody sets', async () => {
    const { rows } = await app().database.migrator.query(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where ${own} and (
         exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee = 0)
         or p.prosqlbody is null and not coalesce(p.proconfig, '{}') @> array['search_path=""'])`,
    )
    expect(rows).toEqual([])
    expect(all.length).toBeGreaterThan(20)
  })

  test('what is made later is nobody’s, of the owner and of the functions that decide', async () => {
    const { owner, private: decider } = app().database.names
    for (const [role, schema] of [
      [owner, 'app'],
      [owner, 'rowhouse'],
      [decider, 'rowhouse_private'],
    ] as const)
      await app().database.asRole(role, async (client) => {
        await client.query(`create function ${schema}.later() returns int language sql return 1`)
        if (role === owner) await client.query(`create table ${schema}.later (secret text)`)
        const { rows } = await client.query<{ may: boolean }>(
          `select bool_or(has_function_privilege(r, '${schema}.later()', 'execute')
             or ${role === owner} and has_table_privilege(r, '${owner === role ? schema : 'app'}.${role === owner ? 'later' : 'team'}', 'insert')) as may from unnest($1::text[]) r`,
          [callers()],
        )
        expect([schema, rows]).toEqual([schema, [{ may: false }]])
        await client.query(`drop function ${schema}.later()`)
        if (role === owner) await client.query(`drop table ${schema}.later`)
      })
  })

  /** What a call answers, or its SQLSTATE, with the ids of the rows taken out. */
  async function call(roles: readonly string[] | null, routine: Routine, id: string, key: string): Promise<string> {
    const given = routine.args.map((type) => argument(type, id, key))
    return app().database.asActor({ roles, tenant: acme, actor: sam }, async (client) => {
      await client.query('savepoint attempt')
      try {
        const { rows } = await client.query(`select * from ${routine.name}(${given.join(', ')})`)
        return JSON.stringify(rows).replaceAll(id, 'ID')
      } catch (error) {
        const { code, detail = '', message } = error as pg.DatabaseError
        return `${code} ${message} ${detail}`.replaceAll(id, 'ID')
      } finally {
        await client.query('rollback to attempt')
      }
    })
  }

  test('that take a key answer hidden, foreign and absent rows alike, whoever calls them', async () => {
    const keyed = all.filter(({ args, schema }) => schema === 'rowhouse_private' && args.includes('uuid'))
    expect(keyed.map(({ name }) => name)).toContain('rowhouse_private.remove_order')
    const ids = [hiddenA, foreignOrder, theirs, foreignCustomer, lines[2]!, lines[4]!]
    for (const routine of keyed)
      for (const roles of [['seller'], ['guest'], [], null]) {
        const told = new Set<string>()
        for (const id of [...ids, absent]) told.add(await call(roles, routine, id, 'id'))
        expect([routine.name, roles, [...told]]).toEqual([routine.name, roles, [expect.any(String)]])
      }
  })

  test('that write rows do so in no table that the caller may not write', async () => {
    const writing = all.filter(({ name }) => /\.(create|update|delete)_row$/.test(name))
    expect(writing).toHaveLength(3)
    for (const relation of [
      'rowhouse.tenant',
      'rowhouse.system_migration',
      'app.team',
      'app.membership',
      'pg_catalog.pg_authid',
    ])
      for (const routine of writing) {
        const values = routine.args.map((type, at) =>
          type === 'regclass'
            ? `'${relation}'`
            : at === 1 && routine.args.length > 1
              ? `'{"id": "${absent}"}'`
              : `'{}'`,
        )
        const text = `select ${routine.name}(${values.join(', ')})`
        const outcome = await app().database.asActor(
          { roles: ['seller'], tenant: acme, actor: sam },
          async (client) => {
            await client.query('savepoint attempt')
            const answer: unknown = await client.query(text).then(
              ({ rows }) => Object.values(rows[0]!)[0],
              (error: pg.DatabaseError) => error.code,
            )
            await client.query('rollback to attempt')
            return answer
          },
        )
        expect([text, outcome]).toEqual([text, expect.stringMatching(/^(42501|42703|missing)$/)])
      }
  })

  test('did one not ask for the right to read, it would tell', async () => {
    const blind = functionOf(
      /^rowhouse_private\.remove_order\(/,
      (text) =>
        text
          .replaceAll(
            /if (not found or )?not rowhouse_private\."?may_read_order.*?end if;/g,
            "if not found then return 'missing'; end if;",
          )
          .replace(/^(\s*)if not found then.*\n(?=\s*if not found|\s*select)/m, ''),
      'private',
    )
    const routine = all.find(({ name }) => name === 'rowhouse_private.remove_order')!
    const told = () => Promise.all([hiddenA, absent].map((id) => call(['seller'], routine, id, 'id')))
    const [closedHidden, closedAbsent] = await told()
    expect(closedHidden).toBe(closedAbsent)
    const [hidden, none] = await without(app(), blind, told)
    expect(hidden).not.toBe(none)
  })

  function argument(type: string, id: string, key: string): string {
    if (type === 'uuid') return `'${id}'`
    if (type === 'uuid[]') return `array['${id}'::uuid]`
    if (type === 'jsonb') return `'{"${key}": "${id}"}'`
    if (type === 'text') return `'delete'`
    if (type === 'boolean') return 'true'
    return `null::${type}`
  }
})

describe('relations', () => {
  test('that requests may read have row security by force, or read as whoever asks', async () => {
    const { rows } = await app().database.migrator.query(
      `select c.oid::regclass::text as name, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${own} and c.relkind in ('r', 'p', 'v', 'm', 'f')
         and exists (select from unnest($1::text[]) r where has_any_column_privilege(r, c.oid, 'select, insert, update') or has_table_privilege(r, c.oid, 'delete, truncate'))
         and case when c.relkind in ('r', 'p') then not (c.relrowsecurity and c.relforcerowsecurity)
           else c.relkind <> 'v' or not coalesce(c.reloptions, '{}') @> array['security_invoker=true'] end
         and not (c.relkind = 'v' and c.relowner = $2::regrole and coalesce(c.reloptions, '{}') @> array['security_barrier=true'])`,
      [callers().filter((role) => role !== app().database.names.login), app().database.names.private],
    )
    expect(rows).toEqual([])
  })

  test('that are read with the rights of private code are those that policies read', async () => {
    const { rows } = await app().database.migrator.query<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'v' and c.relowner = $1::regrole order by 1`,
      [app().database.names.private],
    )
    const views = (app().catalog.views ?? []).filter(({ behindPolicies }) => behindPolicies === true)
    expect(rows.map(({ name }) => name)).toEqual(views.map(({ schema, name }) => `${schema}.${name}`).sort())
    expect(rows).not.toEqual([])
  })

  const view = () => app().data({ sub: mia }, '{ orders { nodes { number } } }')
  test('the view of orders would show all of them, did it not read as whoever asks', async () => {
    const owners = statements(
      ['alter view app.order__shown set (security_invoker = false)'],
      ['alter view app.order__shown set (security_invoker = true)'],
    )
    const here = (await view()).orders.nodes
    expect(here.map(({ number }: { number: string }) => number)).toEqual(['X', 'Y'])
    // Its owner is bound by row security too, and has no rule: nothing is shown at all. That is the second fence.
    expect((await without(app(), owners, view)).orders.nodes).toEqual([])
  })

  test('no role of requests sees what a removed row held, by any relation', async () => {
    const { rows } = await app().database.migrator.query<{ name: string; key: string }>(
      `select c.oid::regclass::text as name, case when c.relname like '%history' then 'order_id' when c.relname like 'order\\_line%' then 'order_id' else 'id' end as key
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'app' and c.relkind in ('r', 'p', 'v') and c.relname ~ '^order'`,
    )
    expect(rows.length).toBeGreaterThan(4)
    for (const { name, key } of rows) {
      const found = await app().database.asActor({ roles: ['boss'], tenant: acme, actor: mia }, async (client) => {
        await client.query('savepoint attempt')
        const seen = await client.query(`select 1 from ${name} where ${key} = '${goneOrder}'`).then(
          (answer) => answer.rows.length,
          (error: pg.DatabaseError) => Number(error.code === '42501') - 1,
        )
        await client.query('rollback to attempt')
        return seen
      })
      expect([name, found]).toEqual([name, 0])
    }
  })
})
