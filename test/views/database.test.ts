import { describe, expect, test } from 'vitest'
import { followModel, migrate, writeFirstMigration } from '#migrations'
import type { Model } from '#schema'
import { model, refusedWith, statusOf, withDatabase } from './adopting.ts'

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
  ]

  test.each(refusals)('%s', async (change, said) => {
    await withDatabase(async ({ db, options }) => {
      await refusedWith(options, said)
      const { rows } = await db.migrator.query("select to_regnamespace('rowhouse') as made")
      expect(rows).toEqual([{ made: null }])
    }, change)
  })

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
