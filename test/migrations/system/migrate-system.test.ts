import { describe, expect, test } from 'vitest'
import { migrateSystem } from '../../../migrations/system/migrate-system.ts'
import { readSystemFiles } from '../../../migrations/system/read-system-files.ts'
import { createTestDatabase, useDatabase } from '../../support/database.ts'

const db = useDatabase({ roles: ['sales'] })

describe('migrateSystem', () => {
  test('applies every file once and records it', async () => {
    const files = readSystemFiles()
    expect(await migrateSystem(db().migrator, db().names)).toEqual([])
    const rows = await db().asOwner((client) =>
      client.query('select number, name, hash from rowhouse.system_migration order by number'),
    )
    expect(rows.rows).toEqual(files.map(({ number, name, hash }) => ({ number, name, hash })))
    expect(files.map(({ number }) => number)).toEqual(files.map((_, index) => index + 1))
  })

  test('refuses a file that differs from what was applied', async () => {
    const [first, ...rest] = readSystemFiles()
    const edited = [{ ...first!, hash: 'other' }, ...rest]
    const migrating = migrateSystem(db().migrator, db().names, edited)
    await expect(migrating).rejects.toMatchObject({
      code: 'SYSTEM_MIGRATION_CHANGED',
      message: expect.stringContaining(first!.name),
    })
  })

  test('refuses a database that is ahead of it', async () => {
    const migrating = migrateSystem(db().migrator, db().names, readSystemFiles().slice(0, -1))
    await expect(migrating).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
  })

  test('leaves nothing behind when a file fails', async () => {
    const failing = {
      number: 9999,
      name: '9999-failing.sql',
      text: 'create table app.half (); select 1 / 0',
      hash: 'x',
    }
    await expect(migrateSystem(db().migrator, db().names, [...readSystemFiles(), failing])).rejects.toMatchObject({
      code: '22012',
    })
    const { rows } = await db().migrator.query("select to_regclass('app.half') as half")
    expect(rows).toEqual([{ half: null }])
    expect(await migrateSystem(db().migrator, db().names)).toEqual([])
  })

  test('two at once apply each file once', async () => {
    const own = await createTestDatabase({ prepared: false })
    try {
      const { ensureRoles } = await import('../../../migrations/roles/ensure-roles.ts')
      await ensureRoles(own.migrator, { names: own.names, roles: [], password: null })
      const second = await own.connect(own.migratorUrl)
      const applied = await Promise.all([own.migrator, second].map((client) => migrateSystem(client, own.names)))
      await second.end()
      expect(applied.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, readSystemFiles().length])
    } finally {
      await own.close()
    }
  })

  test('needs a migrator that owns the database', async () => {
    const client = await db().connect(db().loginUrl)
    const migrating = migrateSystem(client, db().names)
    await expect(migrating).rejects.toMatchObject({
      code: 'MIGRATOR_LACKS_RIGHTS',
      message: expect.stringContaining(db().names.login),
    })
    await client.end()
  })

  test('works for a migrator that is no superuser', async () => {
    const own = await createTestDatabase({ migrator: 'plain', roles: ['sales'] })
    try {
      const { rows } = await own.migrator.query('select rolsuper from pg_roles where rolname = current_user')
      expect(rows).toEqual([{ rolsuper: false }])
      const who = await own.asActor({ roles: ['sales'], actor: id }, (client) =>
        client.query('select rowhouse.actor_id() as actor'),
      )
      expect(who.rows).toEqual([{ actor: id }])
    } finally {
      await own.close()
    }
  })
})

describe('what there is afterwards', () => {
  test('belongs to owner and private, never to the migrator', async () => {
    const { rows } = await db().migrator.query(`
      select nspname as schema, nspowner::regrole::text as owner from pg_namespace where nspname in ('app', 'rowhouse', 'rowhouse_private', 'rowhouse_queue')
      union select 'functions', proowner::regrole::text from pg_proc where pronamespace = 'rowhouse'::regnamespace
      union select 'functions of the queue', proowner::regrole::text from pg_proc where pronamespace = 'rowhouse_queue'::regnamespace
      union select 'tables of the queue', relowner::regrole::text from pg_class where relnamespace = 'rowhouse_queue'::regnamespace
      union select 'tables', relowner::regrole::text from pg_class where relnamespace = 'rowhouse'::regnamespace
      order by 1`)
    const { owner, private: privateRole, queueKeeper } = db().names
    expect(rows).toEqual([
      { schema: 'app', owner },
      { schema: 'functions', owner },
      { schema: 'functions of the queue', owner: queueKeeper },
      { schema: 'rowhouse', owner },
      { schema: 'rowhouse_private', owner: privateRole },
      { schema: 'rowhouse_queue', owner: queueKeeper },
      { schema: 'tables', owner },
      { schema: 'tables of the queue', owner: queueKeeper },
    ])
  })

  test('lies outside of schema public', async () => {
    const { rows } = await db().migrator.query(
      "select proname as name from pg_proc where pronamespace = 'public'::regnamespace union select relname from pg_class where relnamespace = 'public'::regnamespace",
    )
    expect(rows).toEqual([])
  })

  test('is executable by those alone who need it', async () => {
    const { rows } = await db().migrator.query(`
      select p.oid::regprocedure::text as function, coalesce(array_agg(a.grantee::regrole::text order by 1) filter (where a.grantee <> p.proowner), '{}') as roles
      from pg_proc p left join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a on true
      where p.pronamespace = 'rowhouse'::regnamespace group by p.oid order by 1`)
    const { member, anonymous, queueKeeper, private: privateRole } = db().names
    const all = [anonymous, member, privateRole].sort()
    const callers = [anonymous, member].sort()
    const found = (rows as { function: string; roles: string[] }[]).map((row) => [row.function, row.roles.sort()])
    expect(Object.fromEntries(found)).toEqual({
      'rowhouse.actor_id()': [...all, queueKeeper].sort(),
      'rowhouse.add_links(text,jsonb,jsonb)': callers,
      'rowhouse.claim(text)': all,
      'rowhouse.become_queue()': callers,
      'rowhouse.bytes_fit(bytea[],integer)': all,
      'rowhouse.claim_number(bigint,bigint)': [privateRole],
      'rowhouse.column_list(regclass,jsonb)': callers,
      'rowhouse.column_terms(regclass,jsonb,text,text)': callers,
      'rowhouse.create_row(regclass,jsonb)': callers,
      'rowhouse.create_rows(regclass,jsonb)': callers,
      'rowhouse.delete_row(regclass,jsonb)': callers,
      'rowhouse.delete_rows(regclass,jsonb)': callers,
      'rowhouse.denial_of(text,jsonb,jsonb)': callers,
      'rowhouse.expected_condition(regclass,jsonb)': callers,
      'rowhouse.expected_terms(regclass,jsonb)': callers,
      'rowhouse.is_day(text)': all,
      'rowhouse.json_fits(jsonb,jsonb)': all,
      'rowhouse.keep()': [],
      'rowhouse.key_pairs(jsonb)': callers,
      'rowhouse.key_text(jsonb,jsonb)': callers,
      'rowhouse.key_arguments(jsonb,jsonb)': callers,
      'rowhouse.name_field()': [],
      'rowhouse.note_created()': [],
      'rowhouse.random_text(integer)': all,
      'rowhouse.request_ip()': all,
      'rowhouse.request_mfa()': all,
      'rowhouse.request_signed_in_for()': all,
      'rowhouse.row_condition(regclass,jsonb)': callers,
      'rowhouse.sought_keys(regclass,jsonb,jsonb)': callers,
      'rowhouse.sought_terms(regclass,jsonb,jsonb)': callers,
      // The role that looks for words gets it, where an app has one.
      'rowhouse.search_index_query(tsquery)': [],
      'rowhouse.search_query(regconfig,text)': [],
      'rowhouse.tenant_id()': [...all, queueKeeper].sort(),
      'rowhouse.texts_fit(text[],integer,integer,text[])': all,
      'rowhouse.touch()': [],
      'rowhouse.update_row(regclass,jsonb,jsonb)': callers,
      'rowhouse.update_rows(regclass,jsonb)': callers,
      'rowhouse.upsert_row(regclass,jsonb,jsonb)': callers,
      'rowhouse.upsert_rows(regclass,jsonb,jsonb)': callers,
      'rowhouse.uuid_v7()': [...all, queueKeeper].sort(),
      'rowhouse.write_at_once(text,regclass,jsonb,jsonb)': callers,
      'rowhouse.write_in_turn(text,regclass,jsonb,jsonb)': callers,
      'rowhouse.write_row(text,regclass,jsonb,jsonb)': callers,
      'rowhouse.write_rows(text,regclass,jsonb,jsonb)': callers,
    })
  })

  test('has functions that no search_path can mislead', async () => {
    const { rows } = await db().migrator.query(
      "select proname from pg_proc where pronamespace = 'rowhouse'::regnamespace and prosqlbody is null and not coalesce(proconfig, '{}') @> array['search_path=\"\"']",
    )
    expect(rows).toEqual([])
  })

  test('gives later functions of owner and private to nobody', async () => {
    for (const [role, schema] of [
      [db().names.owner, 'app'],
      [db().names.private, 'rowhouse_private'],
      [db().names.queueKeeper, 'rowhouse_queue'],
    ] as const) {
      await db().asRole(role, (client) =>
        client.query(`create function ${schema}.later() returns int language sql return 1`),
      )
      const calling = db().asActor({ roles: ['sales'] }, (client) => client.query(`select ${schema}.later()`))
      await expect(calling).rejects.toMatchObject({ code: '42501' })
    }
  })

  test.each([
    'create table public.mine ()',
    'create table app.mine ()',
    'create table rowhouse.mine ()',
    'create function rowhouse_private.mine() returns int language sql return 1',
    'create table rowhouse_queue.mine ()',
    'create temporary table mine ()',
    'create schema mine',
    'select * from rowhouse.tenant',
    'insert into rowhouse.tenant (slug, name) values (1, 1)',
    'select * from rowhouse.system_migration',
    'alter function rowhouse.tenant_id() rename to other',
  ])('requests may not: %s', async (statement) => {
    for (const roles of [['sales'], [], null]) {
      const trying = db().asActor({ roles, tenant: id, actor: id }, (client) => client.query(statement))
      await expect(trying).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('the login itself may do none of that either, nor read as a role that it is a member of', async () => {
    const client = await db().connect(db().loginUrl)
    for (const statement of [
      'create table rowhouse_queue.mine ()',
      'create temporary table mine ()',
      'select rowhouse.tenant_id()',
      `set role "${db().names.owner}"`,
      `set role "${db().names.private}"`,
    ]) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await client.end()
  })
})

describe('claims', () => {
  const ask = 'select rowhouse.tenant_id() as tenant, rowhouse.actor_id() as actor, rowhouse.claim($1) as claim'

  test('are null when unset, empty, or left over from the transaction before', async () => {
    const client = await db().connect(db().loginUrl)
    const answers: unknown[] = []
    for (const value of [null, id, '', null]) {
      await client.query('begin')
      await client.query(`set local role "${db().names.anonymous}"`)
      for (const name of ['tenant_id', 'actor_id', 'claim_region']) {
        if (value !== null) await client.query('select set_config($1, $2, true)', [`rowhouse.${name}`, value])
      }
      answers.push((await client.query(ask, ['region'])).rows[0])
      await client.query('commit')
    }
    await client.end()
    const none = { tenant: null, actor: null, claim: null }
    expect(answers).toEqual([none, { tenant: id, actor: id, claim: id }, none, none])
  })

  test('that are no uuid are an error and not nobody', async () => {
    const asking = db().asActor({ roles: [], tenant: 'x' }, (client) => client.query('select rowhouse.tenant_id()'))
    await expect(asking).rejects.toMatchObject({ code: '22P02' })
  })

  test.each(['a b', "a'b", 'a"; select 1', '', 'A'.repeat(200), 'é'])(
    'of odd names are just not there: %s',
    async (name) => {
      const rows = await db().asActor({ roles: [] }, async (client) => (await client.query(ask, [name])).rows)
      expect(rows).toEqual([{ tenant: null, actor: null, claim: null }])
    },
  )

  test('are asked for once in a statement', async () => {
    const plan = await db().asActor({ roles: [] }, (client) =>
      client.query(
        'explain (verbose, costs off) select 1 from generate_series(1, 10) g where g::text = (select rowhouse.claim($1))',
        ['x'],
      ),
    )
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/InitPlan|current_setting/)
  })
})

describe('uuid_v7', () => {
  test('is a version 7 uuid of this moment, in order and never twice', async () => {
    const { rows } = await db().asActor({ roles: [] }, (client) =>
      client.query(`
        with made as (select rowhouse.uuid_v7() as id, n from generate_series(1, 5000) n)
        select count(distinct id)::int as different, bool_and(id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') as shaped,
          bool_and(abs(('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint - extract(epoch from clock_timestamp()) * 1000) < 60000) as timely
        from made`),
    )
    expect(rows).toEqual([{ different: 5000, shaped: true, timely: true }])
  })

  test('of later statements are greater', async () => {
    const ids = await db().asActor({ roles: [] }, async (client) => {
      const made: string[] = []
      for (let n = 0; n < 50; n++) made.push((await client.query('select rowhouse.uuid_v7() as id')).rows[0].id)
      return made
    })
    expect([...ids].sort()).toEqual(ids)
  })
})

test('the SQL names roles by placeholder only', () => {
  for (const { text } of readSystemFiles()) {
    expect(text).not.toContain(db().names.prefix)
    for (const use of text.matchAll(/.:[A-Z_]+./g)) expect(use[0]).toMatch(/^":[A-Z_]+"$/)
  }
})

const id = '00000000-0000-7000-8000-00000000000a'
