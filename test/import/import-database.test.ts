import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildCatalog,
  findingKinds,
  type ImportedDatabase,
  importDatabase,
  migrate,
  migrationStatus,
  roleWords,
  writeFirstMigration,
} from '#migrations'
import { loadModel, modelJson, printApp } from '#policies'
import { createTestDatabase, type TestDatabase, useDatabase } from '../support/database.ts'
import { otherNames, tableParts } from './database-facts.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/import', name), 'utf8')

mkdirSync('.tmp', { recursive: true })
/** Inside the repository, so that `rowhouse/…` resolves; git ignores it. */
const scratch = mkdtempSync(join('.tmp', 'import-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const options = { app: 'shop', schemas: [], tenantColumn: null }

describe('a database with one of everything', () => {
  const db = useDatabase({ prepared: false })
  let imported: ImportedDatabase
  beforeAll(async () => {
    await db().migrator.query(fixture('nasty.sql'))
    imported = await importDatabase(db().migrator, options)
  })

  const listed = () => new Set(imported.findings.map(({ object }) => object))

  test('every part of a table is said by the catalog of the model, or listed', async () => {
    const catalog = buildCatalog(imported.model)
    const saidColumns = catalog.tables.flatMap(({ schema, name, columns }) =>
      columns.map((column) => `${schema}.${name}.${column.name}`),
    )
    const said = new Set(saidColumns)
    // A table that is left out takes its parts with it.
    const out = imported.findings.filter(({ code }) => code.startsWith('TABLE_')).map(({ object }) => `${object}.`)
    const rest = (await tableParts(db().migrator)).filter(
      (part) => !said.has(part) && !listed().has(part) && !out.some((table) => part.startsWith(table)),
    )
    // Keys, relations, uniques and limits that the model has; nothing else is missing from the list.
    expect(rest).toEqual([
      'Odd Schema.Order Details.Order Details_pkey',
      'public.cities.cities_country_fkey',
      'public.cities.cities_founder_fkey',
      'public.cities.cities_mayor_fkey',
      'public.cities.cities_mayor_key',
      'public.cities.cities_pkey',
      'public.companies.companies_pkey',
      'public.countries.countries_pkey',
      'public.news.news_pkey',
      'public.order.order_pkey',
      'public.order_filter.order_filter_pkey',
      'public.orders.orders_pkey',
      'public.people.people_age_check',
      'public.people.people_balance_check',
      'public.people.people_height_check',
      'public.people.people_note_check',
      'public.people.people_pair',
      'public.people.people_parentPerson_fkey',
      'public.people.people_pkey',
      'public.people.people_reports_to_fkey',
      'public.people.people_short_check',
      'public.people.people_status_check',
      'public.person_countries.person_countries_country_code_fkey',
      'public.person_countries.person_countries_person_id_fkey',
      'public.person_countries.person_countries_pkey',
      'public.profiles.profiles_person_id_fkey',
      'public.profiles.profiles_pkey',
      'public.query.query_pkey',
      'public.rooms.rooms_pkey',
      'public.streets.streets_pkey',
      'public.wide_links.wide_links_pkey',
      'sales.people.people_company_fkey',
      'sales.people.people_pkey',
    ])
  })

  test('every default is said, or listed', async () => {
    const { rows } = await db().migrator.query(`
      select n.nspname || '.' || c.relname || '.' || a.attname as part from pg_attrdef d
      join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum order by 1`)
    const codes = ['DEFAULT', 'DEFAULT_DIFFERS', 'COLUMN_', 'TABLE_']
    const told = imported.findings.filter(({ code }) => codes.some((each) => code.startsWith(each)))
    const rest = rows.filter(({ part }) => !told.some(({ object }) => part === object || part.startsWith(`${object}.`)))
    expect(rest.map(({ part }) => part)).toEqual([
      'public.companies.created_at',
      'public.companies.updated_at',
      ...[
        'balance',
        'big',
        'code',
        'data',
        'height',
        'note',
        'seen',
        'seen_utc',
        'status',
        'tags',
        'token',
        'wakes',
      ].map((name) => `public.people.${name}`),
      // The sequence of the key, which is a number that Postgres gives.
      'public.streets.id',
    ])
    const person = imported.model.entities.find(({ name }) => name === 'Person')!
    const values = person.fields.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value]]))
    expect(Object.fromEntries(values)).toMatchObject({
      balance: { kind: 'value', value: '0' },
      big: { value: '9007199254740993' },
      note: { value: "a\\b'c" },
      seen: { kind: 'now' },
      tags: { value: [] },
      token: { kind: 'random' },
      wakes: { value: '07:30' },
    })
  })

  test('everything without rows is listed', async () => {
    const words = imported.findings.map(({ object, what }) => `${object} ${what}`).join('\n')
    const missing = (await otherNames(db().migrator)).filter((name) => !words.includes(name))
    expect(missing).toEqual([])
  })

  test('what differs, and what is in the way, is what `rowhouse migrate` says of it', () => {
    const faults = imported.findings
      .filter(({ code }) => code === 'ADOPTION')
      .map(({ object, what }) => `${object}: ${what}`)
    expect(faults.map((fault) => fault.split(';')[0])).toEqual([
      'public.companies: has a rule "people_rule" that rewrites statements',
      'public.companies: its rows are shown by view "public.shared_names" past row security',
      'public.countries: has a policy "seen" of its own',
      'public.news: "public" may select',
      'public.news: "public" may update "title"',
      'public.people: has a trigger "people_later"',
      'public.people: has a trigger "people_touch"',
    ])
  })

  test('names of the database run nothing, and come back letter by letter', async () => {
    const folder = join(scratch, 'nasty')
    for (const [path, text] of Object.entries(printApp(imported.model))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // A name that ran would end this process.
    const loaded = await loadModel(folder, { app: 'shop' })
    expect(modelJson(loaded.model)).toBe(modelJson(imported.model))
    const columns = loaded.model.entities.find(({ name }) => name === 'Person')!.fields.map(({ column }) => column)
    expect(columns).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'with space', 'Überschrift']))
    const left = imported.findings.filter(({ code }) => code === 'COLUMN_NAME').map(({ object }) => object)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that would be one.
    expect(left).toContain('public.people.${process.exit(3)}')
  })

  test('relations are named after what they mean', () => {
    const relations = imported.model.entities.flatMap((entity) =>
      entity.relations.map(({ name }) => `${entity.name}.${name}`),
    )
    expect(relations).toEqual(
      expect.arrayContaining([
        ...['Person.reportsTo', 'Person.reports', 'Person.parentPerson', 'Person.children', 'Person.countries'],
        ...['City.mayor', 'Person.cityByMayor', 'Person.citiesByFounder', 'Profile.person', 'Person.profile'],
        ...['Company.people', 'Company.salesPeople', 'Country.people'],
      ]),
    )
  })

  test('only the schemas that were asked for', async () => {
    const { model } = await importDatabase(db().migrator, { ...options, schemas: ['sales', 'Odd Schema'] })
    expect(model.entities.map(({ name, schema }) => [name, schema])).toEqual([
      ['OrderDetail', 'Odd Schema'],
      ['Person', 'sales'],
    ])
  })

  test('a login without any right, in a database where nothing can be written, imports the same', async () => {
    const reader = `${db().names.prefix}_reader`
    await db().migrator.query(`create role ${reader} login password 'reader'`)
    try {
      await db().migrator.query(`alter role ${reader} set default_transaction_read_only = on`)
      const url = new URL(db().migratorUrl)
      Object.assign(url, { username: reader, password: 'reader' })
      const client = await db().connect(url.href)
      try {
        const again = await importDatabase(client, options)
        expect(modelJson(again.model)).toBe(modelJson(imported.model))
        const { rows } = await client.query(
          "select pg_current_xact_id_if_assigned() is null as nothing, current_setting('transaction_read_only') as ro",
        )
        expect(rows).toEqual([{ nothing: true, ro: 'on' }])
      } finally {
        await client.end()
      }
    } finally {
      await db().migrator.query(`drop role ${reader}`)
    }
  })
})

describe('a database of many tenants', () => {
  async function withShop(work: (db: TestDatabase, imported: ImportedDatabase) => Promise<void>): Promise<void> {
    const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
    try {
      await db.migrator.query(fixture('shop.sql'))
      await work(db, await importDatabase(db.migrator, { app: db.name, schemas: [], tenantColumn: 'company_id' }))
    } finally {
      await db.close()
    }
  }

  test('is said, taken over by a migration, and then equal to its model', () =>
    withShop(async (db, { model, findings }) => {
      expect(findings.filter(({ code }) => findingKinds[code].effect === 'in the way')).toEqual([
        expect.objectContaining({
          code: 'ADOPTION',
          object: 'public.orders',
          what: expect.stringContaining('unique index "orders_number_key" (number) does not hold "company_id"'),
        }),
      ])
      const folder = join(scratch, db.name)
      for (const [path, text] of Object.entries(printApp(model))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        // The author's answer to it.
        const accepted = text.replace("column: 'company_id', inKey", "column: 'company_id', keys: 'global', inKey")
        writeFileSync(join(folder, path), path.endsWith('order.entity.ts') ? accepted : text)
      }
      const loaded = await loadModel(folder, { app: db.name })
      const catalog = buildCatalog(loaded.model)
      await writeFirstMigration(folder, catalog, 'initial')
      const settings = {
        appFolder: folder,
        migrateUrl: db.migratorUrl,
        names: db.names,
        catalog,
        roleSets: [['admin']],
      }
      expect(await migrate(settings)).toMatchObject({ applied: ['000001-initial.sql'] })
      const words = roleWords(db.names, catalog)
      expect(await migrationStatus(db.migrator, { ...settings, words })).toMatchObject({
        state: 'current',
        differences: [],
      })
    }))

  test('keeps tenants apart where the column is, and leaves out what cannot be', () =>
    withShop(async (_db, { model, findings }) => {
      expect(
        model.entities.map(({ name, tenancy, source, key }) => [
          name,
          tenancy,
          source.kind === 'adopted' && source.tenantInKey,
          key,
        ]),
      ).toEqual([
        ['Company', 'none', false, ['id']],
        ['Currency', 'none', false, ['code']],
        ['Customer', 'own', true, ['id']],
        ['Order', 'own', true, ['id']],
        ['OrderTag', 'own', true, ['order', 'tag']],
        ['Tag', 'own', false, ['id']],
      ])
      const told = findings.map(({ code, object }) => `${code} ${object}`)
      expect(told).toEqual(
        expect.arrayContaining([
          'TABLE_TENANT public.half_tenant',
          'FOREIGN_KEY_TENANT public.customers.customers_company_id_fkey',
          'UNIQUE_ACROSS_TENANTS public.orders.orders_number_key',
        ]),
      )
      const order = model.entities.find(({ name }) => name === 'Order')!
      expect(order.relations.map(({ name }) => name)).toEqual(['customer', 'billedTo', 'orderTags', 'tags'])
      expect(model.entities.find(({ name }) => name === 'Customer')!.relations.map(({ name }) => name)).toEqual([
        'orders',
        'ordersByBilledTo',
      ])
    }))

  test('a plain index over a relation goes without saying, a missing one does not', async () => {
    const db = await createTestDatabase({ prepared: false })
    try {
      await db.migrator.query(`
        create table people (id integer primary key);
        create table trips (id integer primary key, guide integer references people, guest integer references people, host integer references people);
        create index plain on trips (guide);
        create index partial on trips (guest) where id > 3;
        create index mixed on trips (host, id)`)
      const { findings } = await importDatabase(db.migrator, options)
      expect(findings.map(({ code, object }) => [code, object]).filter(([code]) => code !== 'NAME_CHANGED')).toEqual([
        ['INDEX', 'public.trips.mixed'],
        ['INDEX', 'public.trips.partial'],
        ['LINK_UNINDEXED', 'public.trips.guest'],
      ])
    } finally {
      await db.close()
    }
  })

  test('without the column named, all tenants share the rows, and one is told', async () => {
    const db = await createTestDatabase({ prepared: false })
    try {
      await db.migrator.query('create table t (id integer primary key, tenant_id uuid not null)')
      const { findings } = await importDatabase(db.migrator, options)
      expect(findings.map(({ code, object }) => [code, object])).toContainEqual(['TENANT_SHARED', 'public.t.tenant_id'])
    } finally {
      await db.close()
    }
  })
})

test('the guide shows what is written', async () => {
  const guide = readFileSync('docs/guide/modelling/existing-database.md', 'utf8')
  const [, tables, , entity] =
    /Of these tables\n\n```text\n(.*?)```.*?(```text\n\/\/[^\n]*\n)(.*?)```/s.exec(guide) ?? []
  const db = await createTestDatabase({ prepared: false })
  try {
    await db.migrator.query(tables!)
    const { model } = await importDatabase(db.migrator, options)
    expect(printApp(model)['schema/track.entity.ts']).toBe(entity)
    // Every code is explained there.
    for (const code of Object.keys(findingKinds)) expect(guide).toContain(`\`${code}\``)
  } finally {
    await db.close()
  }
})
