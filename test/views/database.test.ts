import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { OperatorError } from '#base'
import {
  buildCatalog,
  type Catalog,
  followModel,
  type MigrateOptions,
  migrate,
  migrationStatus,
  roleWords,
  writeFirstMigration,
} from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { useAppFolders } from '../migrations/run/app-folder.ts'
import { createTestDatabase, serverUrl, type TestDatabase } from '../support/database.ts'
import { acme, folder, globex, legacy } from './outlets.ts'

const newFolder = useAppFolders()
const { model } = await loadModel(folder)

interface SetUp {
  readonly db: TestDatabase
  readonly options: MigrateOptions
  readonly of: (change: Model) => Catalog
}

async function withDatabase(work: (setUp: SetUp) => Promise<void>, change = '', given: Model = model): Promise<void> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const of = (changed: Model) => buildCatalog({ ...changed, app: db.name })
  const appFolder = await newFolder()
  try {
    await db.migrator.query(legacy)
    if (change !== '') await db.migrator.query(change)
    const options = {
      appFolder,
      migrateUrl: db.migratorUrl,
      names: db.names,
      catalog: of(given),
      roleSets: [['chief']],
      loginPassword: new URL(db.loginUrl).password,
    }
    await work({ db, options, of })
  } finally {
    await db.close()
  }
}

/** Whether the login of this run may do everything, as the administrators of a database may; not on most servers. */
const isSuperuser = await serverUrl().then(async (url) => {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query("select current_setting('is_superuser') = 'on' as is")
  await client.end()
  return rows[0].is === true
})

async function asSuperuser(db: TestDatabase, text: string): Promise<void> {
  const url = new URL(await serverUrl())
  url.pathname = `/${db.name}`
  const client = await db.connect(url.href)
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

const statusOf = ({ db, options }: SetUp) =>
  migrationStatus(db.migrator, { ...options, words: roleWords(db.names, options.catalog) })

test('what migrating made is what it should be, again nothing happens, and their view stays theirs', async () => {
  await withDatabase(async (setUp) => {
    const { db, options } = setUp
    const facts = `select pg_get_viewdef('books.turnover'::regclass) as definition, relowner, relacl::text as rights
      from pg_class where oid = 'books.booking'::regclass`
    const before = (await db.migrator.query(facts)).rows
    await writeFirstMigration(options.appFolder, options.catalog, 'initial')
    expect(await migrate(options)).toMatchObject({ applied: ['000001-initial.sql'] })
    expect(await migrate(options)).toEqual({ system: [], applied: [] })
    expect(await statusOf(setUp)).toMatchObject({ state: 'current', differences: [] })
    expect((await db.migrator.query(facts)).rows).toEqual(before)
    const { rows } = await db.migrator.query(
      `select has_table_privilege($1, 'books.turnover', 'select') as reads, has_table_privilege($1, 'books.turnover', 'insert') as writes,
         has_table_privilege($1, 'books.booking', 'select') as beneath, has_schema_privilege($2, 'books', 'usage') as found`,
      [db.names.owner, db.names.private],
    )
    expect(rows).toEqual([{ reads: true, writes: false, beneath: false, found: false }])
  })
})

describe('what keeps a view from being adopted is told before anything is touched', () => {
  const refusals: readonly (readonly [string, string])[] = [
    ['drop view books.turnover', 'books.turnover: there is no such view'],
    [
      'drop view books.turnover; create table books.turnover (company uuid)',
      "books.turnover: is a table, and the model says that it is a view; write adopt: 'books.turnover'",
    ],
    ['grant select on books.turnover to public', 'books.turnover: "public" may select; revoke it'],
    [
      'grant select (total) on books.turnover to pg_monitor',
      'books.turnover: "pg_monitor" may select "total"; revoke it',
    ],
    [
      'create view books.open as select * from books.turnover; grant select on books.open to public',
      'books.turnover: its rows are shown by view "books.open" past the fence',
    ],
    [
      'alter view books.turnover set (security_invoker = true)',
      'books.turnover: is security_invoker: it asks for rights',
    ],
    [
      'create view books.inner with (security_invoker) as select * from books.booking; create or replace view books.turnover as select company, shop, month, sum(amount) as total, count(*) as bookings, max(amount) as highest from books.inner group by 1, 2, 3',
      'books.turnover: reads view "books.inner", which is security_invoker',
    ],
    [
      'alter view books.turnover rename column company to firm',
      'books.turnover: has no column "company" (uuid); it has',
    ],
    [
      'drop view books.turnover; create view books.turnover as select company, shop::text, month::text, amount as total, 1 as bookings, amount as highest from books.booking',
      'books.turnover: column "shop" is text, and the model says uuid',
    ],
    [
      'alter view books.turnover owner to postgres_owner',
      'books.turnover: belongs to "postgres_owner", and the migrator',
    ],
    ['alter schema books owner to postgres_owner', 'the migrator may let nobody into schema "books"'],
  ]

  test.each(refusals.filter(([change]) => isSuperuser || !change.includes('postgres_owner')))(
    '%s',
    async (change, said) => {
      const needs = change.includes('postgres_owner')
      await withDatabase(
        async ({ db, options }) => {
          const stranger = `${db.name}_stranger`
          const real = (text: string) => text.replaceAll('postgres_owner', stranger)
          try {
            if (needs)
              await asSuperuser(
                db,
                `create role ${stranger}; grant create, usage on schema books to ${stranger}; ${real(change)}`,
              )
            const error = await followModel(options).then(
              () => null,
              (thrown: unknown) => thrown,
            )
            expect(error).toBeInstanceOf(OperatorError)
            expect(error).toMatchObject({ code: 'ADOPTION_REFUSED', message: expect.stringContaining(real(said)) })
            const { rows } = await db.migrator.query("select to_regnamespace('rowhouse') as made")
            expect(rows).toEqual([{ made: null }])
          } finally {
            if (needs)
              await asSuperuser(
                db,
                `reassign owned by ${stranger} to current_user; drop owned by ${stranger}; drop role ${stranger}`,
              )
          }
        },
        needs ? '' : change,
      )
    },
  )

  test('every column at once', async () => {
    const change =
      'drop view books.turnover; create view books.turnover as select company, shop::text, month::text, amount as total, amount as highest from books.booking'
    await withDatabase(async ({ options }) => {
      const error = (await followModel(options).catch((thrown: unknown) => thrown)) as Error
      for (const line of ['column "shop" is text', 'column "month" is text', 'has no column "bookings" (bigint)'])
        expect(error.message).toContain(line)
    }, change)
  })
})

describe.skipIf(!isSuperuser)('a view over tables of entities', () => {
  const over = `create view books.turnover as
    select tenant_id as company, id as shop, date '2026-01-01' as month, 1::numeric(15, 2) as total, count(*) as bookings, null::numeric(15, 2) as highest
    from app.store group by id, tenant_id`
  const withoutViews: Model = {
    ...model,
    entities: model.entities.filter(({ name }) => name === 'Store').map((entity) => ({ ...entity, relations: [] })),
    policies: model.policies.filter(({ entity }) => entity === 'Store'),
  }
  const stores = `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
    insert into app.store (tenant_id, name, region) values ('${acme}', 'A', 'north'), ('${globex}', 'G', 'north')`

  test('is refused where its owner sees none of their rows, and whoever sees all is pinned to the tenant', async () => {
    await withDatabase(async (setUp) => {
      const { db, options, of } = setUp
      await followModel({ ...options, catalog: of(withoutViews) })
      await asSuperuser(db, `drop view books.turnover; ${stores}; ${over}`)
      // Whoever row security does not hold for owns it; the migrator may pass the right to read on.
      const { rows } = await db.migrator.query('select current_user::text as name')
      await asSuperuser(db, `grant select on books.turnover to "${rows[0].name}" with grant option`)
      expect((await followModel(options)).followed).toBe(true)
      expect(await followModel(options)).toMatchObject({ changes: [] })
      expect((await statusOf(setUp)).reasons).toEqual([])
      const seen = (tenant: string | null) =>
        db.asActor({ roles: ['chief'], tenant }, async (client) => {
          const found = await client.query('select s.name from app.turnover t join app.store s on s.id = t.shop')
          const all = await client.query('select count(*)::int as count from app.turnover')
          return [found.rows.map(({ name }) => name), all.rows[0].count]
        })
      expect(await seen(acme)).toEqual([['A'], 1])
      expect(await seen(globex)).toEqual([['G'], 1])
      expect(await seen(null)).toEqual([[], 0])
      // Its owner is one of those that row security holds for.
      await asSuperuser(db, `alter view books.turnover owner to "${rows[0].name}"`)
      const error = (await followModel(options).catch((thrown: unknown) => thrown)) as Error
      expect(error.message).toContain(`reads "app.store", a table of an entity, with the rights of "${rows[0].name}"`)
    })
  })

  test('is refused where it reads what is Rowhouse’s own', async () => {
    await withDatabase(async ({ db, options, of }) => {
      await followModel({ ...options, catalog: of(withoutViews) })
      await asSuperuser(
        db,
        `drop view books.turnover; ${over.replace('from app.store', 'from rowhouse.tenant').replace('tenant_id as', 'id as').replace('id, tenant_id', 'id')}`,
      )
      const error = (await followModel(options).catch((thrown: unknown) => thrown)) as Error
      expect(error.message).toContain('reads "rowhouse.tenant", which belongs to Rowhouse')
    })
  })
})

describe('what is done by hand is found, and undone by what the doctor says where it is ours', () => {
  const tamperings: readonly (readonly [string, string, boolean])[] = [
    ['grant select on books.turnover to public', 'grant books.turnover select to public: unexpected', true],
    [
      'grant select (total) on books.turnover to :CHIEF',
      'grant books.turnover total select to :ROLE_CHIEF: unexpected',
      true,
    ],
    ['revoke select on books.turnover from :OWNER', 'grant books.turnover select to :OWNER: missing', true],
    ['grant insert on books.turnover to :OWNER', 'grant books.turnover insert to :OWNER: unexpected', true],
    [
      'alter view app.turnover set (security_barrier = false)',
      'view app.turnover: security barrier should be "on"',
      true,
    ],
    ['drop view app.turnover', 'view app.turnover: missing', true],
    [
      'create or replace view books.turnover as select company, shop, month, amount::numeric as total, 1::bigint as bookings, amount::numeric as highest from books.booking',
      'view books.turnover: definition should be',
      false,
    ],
    ['alter view books.turnover set (security_invoker = true)', 'view books.turnover: definition should be', false],
    ['drop view books.turnover cascade', 'view books.turnover: missing', false],
  ]

  test.each(tamperings)('%s', async (change, found, isOurs) => {
    await withDatabase(async (setUp) => {
      const { db, options } = setUp
      await followModel(options)
      const names: Readonly<Record<string, string>> = { ':CHIEF': `${db.names.prefix}_chief`, ':OWNER': db.names.owner }
      const real = change.replaceAll(/(?<!:):[A-Z]+/g, (word) => `"${names[word]}"`)
      if (change.includes('app.')) await db.asRole(db.names.owner, (client) => client.query(real))
      else await db.migrator.query(real)
      const status = await statusOf(setUp)
      expect(status.state).toBe('drifted')
      expect(status.reasons.join('\n')).toContain(found)
      for (const statement of status.repairs.flat()) await db.migrator.query(statement)
      if (isOurs) expect((await statusOf(setUp)).reasons).toEqual([])
      else expect(status.repairs.flat().join('\n')).not.toMatch(/"books"/)
    })
  })

  test('a view that was replaced is taken as it is by the next migrate, which looks at it anew', async () => {
    await withDatabase(async (setUp) => {
      const { db, options } = setUp
      await followModel(options)
      const other =
        'select company, shop, month, amount::numeric as total, 1::bigint as bookings, amount::numeric as highest from books.booking'
      await db.migrator.query(`create or replace view books.turnover as ${other}`)
      expect((await statusOf(setUp)).state).toBe('drifted')
      await followModel(options)
      expect(await statusOf(setUp)).toMatchObject({ state: 'current' })
      await db.migrator.query('grant select on books.turnover to public')
      await expect(followModel(options)).rejects.toMatchObject({ code: 'ADOPTION_REFUSED' })
    })
  })
})

test('in development a view comes and goes, and the right to it with it', async () => {
  await withDatabase(async ({ db, options, of }) => {
    const without = (name: string): Model => ({
      ...model,
      entities: model.entities
        .filter((entity) => entity.name !== name)
        .map((entity) => ({
          ...entity,
          relations: entity.relations.filter((relation) => relation.kind === 'oneOf' || relation.to !== name),
        })),
      policies: model.policies.filter(({ entity }) => entity !== name),
    })
    const follow = async (next: Model) =>
      (await followModel({ ...options, catalog: of(next) })).changes.map(({ description }) => description)
    const reads = async () =>
      (await db.migrator.query(`select has_table_privilege($1, 'books.turnover', 'select') as reads`, [db.names.owner]))
        .rows[0].reads
    await follow(without('Turnover'))
    expect(await reads()).toBe(false)
    expect(await follow(model)).toEqual(
      expect.arrayContaining(['view app.turnover: added', 'view books.turnover: adopted']),
    )
    expect(await follow(model)).toEqual([])
    expect(await reads()).toBe(true)
    expect(await follow(without('Turnover'))).toEqual(
      expect.arrayContaining(['view app.turnover: removed', 'view books.turnover: left alone']),
    )
    expect(await reads()).toBe(false)
  })
})
