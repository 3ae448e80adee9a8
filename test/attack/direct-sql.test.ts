import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { quoteIdentifier } from '#base'
import { roleSetName } from '#migrations'
import { type TenantRows, tenantRows } from '../support/example-rows.ts'
import { useExampleServer } from '../support/example-server.ts'

// Whoever holds the server's login can claim to be anyone: SECURITY.md says so. What follows is all that such a person gets.
const example = useExampleServer()
let acme: TenantRows

beforeAll(async () => {
  acme = await tenantRows(example(), example().people.ada.tenant)
})

/** SQLSTATE of a statement, or its rows. */
async function outcome(client: pg.Client, text: string): Promise<unknown> {
  await client.query('savepoint attempt')
  try {
    const { rows } = await client.query(text)
    return rows
  } catch (error) {
    return (error as { code?: string }).code
  } finally {
    await client.query('rollback to attempt')
  }
}

/** Runs the task as the login, without having become anybody. */
async function asLogin<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await example().database.connect(example().database.loginUrl)
  try {
    await client.query('begin')
    return await task(client)
  } finally {
    await client.end()
  }
}

/** Runs the task as the admin of acme, who may do most of all. */
function asAdmin<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
  const { people, database } = example()
  const actor = { roles: ['admin', 'sales', 'lead', 'accountant'], tenant: people.ada.tenant, actor: people.ada.id }
  return database.asActor({ ...actor, claims: { region: 'eu' } }, task)
}

describe('the login by itself', () => {
  test('reads and writes nothing', async () => {
    await asLogin(async (client) => {
      for (const { table } of example().model.entities) {
        const name = `app.${quoteIdentifier(table)}`
        for (const text of [
          `select from ${name}`,
          `insert into ${name} default values`,
          `delete from ${name}`,
          `truncate ${name}`,
          `lock table ${name}`,
        ])
          expect([text, await outcome(client, text)]).toEqual([text, '42501'])
      }
      for (const text of [
        'select from rowhouse.tenant',
        'select * from rowhouse_private.reach_organizations()',
        'select from rowhouse.system_migration',
      ])
        expect([text, await outcome(client, text)]).toEqual([text, '42501'])
    })
  })

  test('makes nothing', async () => {
    await asLogin(async (client) => {
      const texts = [
        ...[
          'create table x ()',
          'create table public.x ()',
          'create table app.x ()',
          'create temporary table x ()',
          'create schema x',
        ],
        ...[
          'create function app.f() returns int language sql return 1',
          'create role x',
          'create extension pg_trgm',
          'create database x',
        ],
        ...[
          'alter role current_user createrole',
          'alter system set fsync = off',
          "copy (select 1) to program 'true'",
          "select pg_read_file('/etc/passwd')",
        ],
      ]
      for (const text of texts) expect([text, await outcome(client, text)]).not.toEqual([text, expect.any(Array)])
    })
  })

  test('becomes role sets and the visitor, and nobody else', async () => {
    const { names } = example().database
    await asLogin(async (client) => {
      // The parts of role sets may be become as well: each may less than a set that holds it.
      const refused = [names.owner, names.private, 'pg_read_all_data', 'pg_write_all_data', 'pg_monitor']
      for (const role of refused)
        expect([role, await outcome(client, `set local role ${quoteIdentifier(role)}`)]).toEqual([role, '42501'])
      for (const role of [names.anonymous, roleSetName(names.prefix, ['admin'])])
        expect(await outcome(client, `set local role ${quoteIdentifier(role)}`)).toEqual([])
      for (const role of refused)
        expect([role, await outcome(client, `grant ${quoteIdentifier(role)} to current_user`)]).toEqual([
          role,
          expect.stringMatching(/^(42501|0LP01|0A000)$/),
        ])
      expect(await outcome(client, 'set session authorization postgres')).not.toEqual([])
      // The limit of the guarantee: a role is not a claim, and claims are what whoever speaks SQL says.
      await client.query(`set local role ${quoteIdentifier(roleSetName(names.prefix, ['admin']))}`)
      expect(await outcome(client, 'select count(*)::int as n from app.customer')).toEqual([{ n: 0 }])
      await client.query("select set_config('rowhouse.tenant_id', $1, true)", [example().people.gil.tenant])
      expect(await outcome(client, 'select count(*)::int as n from app.customer')).toEqual([{ n: 20 }])
    })
  })
})

describe('a role of requests', () => {
  test('changes no column that is not its own to change', async () => {
    await asAdmin(async (client) => {
      for (const { table, name, tenancy, lifecycle, historyOf } of example().model.entities) {
        // Those are read only, whole.
        if (historyOf !== null) continue
        const columns = [
          'id',
          'created_at',
          'updated_at',
          'deleted_at',
          ...(tenancy !== 'none' ? ['tenant_id'] : []),
          ...(lifecycle === null ? [] : ['status']),
        ]
        const id = acme[name]![0]!
        for (const column of columns) {
          const text = `update app.${quoteIdentifier(table)} set ${column} = ${column} where id = '${id}'`
          expect([text, await outcome(client, text)]).toEqual([text, '42501'])
        }
        for (const column of columns) {
          const text = `insert into app.${quoteIdentifier(table)} (${column}) values (default)`
          expect([text, await outcome(client, text)]).toEqual([text, '42501'])
        }
      }
    })
  })

  test('sees no tenant column, no tenants, no private rows', async () => {
    await asAdmin(async (client) => {
      for (const text of [
        'select tenant_id from app.customer',
        'select * from app.customer',
        'table rowhouse.tenant',
        'table rowhouse.system_migration',
        'select (c).tenant_id from app.customer c',
        'select c.tenant_id::text from app.customer c',
        'select row_to_json(c) from app.customer c',
      ])
        expect([text, await outcome(client, text)]).toEqual([text, '42501'])
    })
  })

  test('makes no table, trigger, function, policy, view, and changes none', async () => {
    await asAdmin(async (client) => {
      const texts = [
        ...[
          'create temporary table x ()',
          'create table app.x ()',
          'create table x ()',
          'create schema x',
          'create view app.x as select 1',
        ],
        'create trigger x before update on app.customer for each row execute function rowhouse.touch()',
        ...[
          'alter table app.customer disable row level security',
          'alter table app.customer no force row level security',
          'alter table app.customer disable trigger all',
        ],
        ...[
          'drop policy tenant on app.customer',
          'create policy x on app.customer using (true)',
          'alter policy tenant on app.customer using (true)',
        ],
        ...[
          'create rule x as on select to app.customer do instead select 1',
          'truncate app.customer',
          'drop table app.customer',
        ],
        ...[
          'alter function rowhouse.tenant_id() owner to current_user',
          'create or replace function rowhouse.tenant_id() returns uuid language sql return null',
        ],
        ...[
          'set local session_replication_role = replica',
          'set local row_security = off; select count(*) from app.customer',
        ],
        ...[
          'create publication x for all tables',
          'comment on table app.customer is null',
          'copy app.customer to stdout',
        ],
      ]
      const done: string[] = []
      for (const text of texts) if (typeof (await outcome(client, text)) !== 'string') done.push(text)
      expect(done).toEqual([])
      // Postgres only warns of this one.
      await client.query('grant all on app.customer to public')
      const { rows } = await client.query("select has_table_privilege('public', 'app.customer', 'select') as may")
      expect(rows).toEqual([{ may: false }])
    })
  })

  test('calls no function but its own', async () => {
    const { names } = example().database
    const { rows } = await example().database.migrator.query<{ name: string; who: string }>(
      `select p.oid::regprocedure::text as name, r.rolname as who
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
         unnest(array[$1, $2, $3, $4, $5]) r (rolname)
       where n.nspname in ('app', 'rowhouse', 'rowhouse_private') and has_function_privilege(r.rolname, p.oid, 'execute') order by 1, 2`,
      [names.anonymous, names.login, roleSetName(names.prefix, []), roleSetName(names.prefix, ['sales']), 'public'],
    )
    const may = (who: string) => rows.filter((row) => row.who === who).map(({ name }) => name)
    expect(may('public')).toEqual([])
    const internal = /guard_|link_|cascade_|touch|note_created/
    for (const who of [names.anonymous, roleSetName(names.prefix, []), roleSetName(names.prefix, ['sales'])])
      expect(may(who).filter((name) => internal.test(name))).toEqual([])
    // Verbs belong to whom a rule gives them.
    expect(
      may(roleSetName(names.prefix, ['sales'])).filter((name) => /remove_|restore_/.test(name)).length,
    ).toBeGreaterThan(3)
    expect(may(roleSetName(names.prefix, [])).filter((name) => /remove_|restore_/.test(name))).toEqual([])
    // What a visitor changes may run hooks, in the version of the tenant: decision 0082.
    const scripts = /^rowhouse_private\.(script_choices|script_source|keep_script_run)\(/
    expect(may(names.anonymous).filter((name) => /rowhouse_private/.test(name) && !scripts.test(name))).toEqual([])
  })
})
