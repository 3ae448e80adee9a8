import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OperatorError } from '#base'
import {
  buildCatalog,
  type MigrateOptions,
  migrate,
  migrationStatus,
  roleWords,
  writeFirstMigration,
} from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { useAppFolders } from '../run/app-folder.ts'

const trade = join(import.meta.dirname, '../../fixtures/apps/trade')
const legacy = readFileSync(join(trade, 'legacy.sql'), 'utf8')
const newFolder = useAppFolders()

async function setUp(
  change = '',
  accepts = true,
): Promise<{ readonly db: TestDatabase; readonly options: MigrateOptions; readonly file: string }> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  await db.migrator.query(legacy)
  if (change !== '') await db.migrator.query(change)
  const { model } = await loadModel(trade)
  const catalog = buildCatalog({ ...(accepts ? model : acceptingNothing(model)), app: db.name })
  const appFolder = await newFolder()
  const file = join(appFolder, await writeFirstMigration(appFolder, catalog, 'initial'))
  const options = { appFolder, migrateUrl: db.migratorUrl, names: db.names, catalog, roleSets: [['sales']] }
  return { db, options, file }
}

/** The same model without `keys: 'global'`. */
function acceptingNothing(model: Model): Model {
  const entities = model.entities.map((entity) =>
    entity.source.kind === 'adopted' ? { ...entity, source: { ...entity.source, globalKeys: false } } : entity,
  )
  return { ...model, entities }
}

async function refusal(change: string, accepts = true): Promise<string> {
  const { db, options } = await setUp(change, accepts)
  try {
    const error = await migrate(options).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(OperatorError)
    // Nothing was touched.
    const { rows } = await db.migrator.query(
      "select to_regnamespace('rowhouse') as made, relrowsecurity from pg_class where oid = 'public.orders'::regclass",
    )
    expect(rows).toEqual([{ made: null, relrowsecurity: false }])
    expect((error as OperatorError).code).toBe('ADOPTION_REFUSED')
    return (error as OperatorError).message
  } finally {
    await db.close()
  }
}

const allRows = `select (select json_agg(c order by customer_id) from public.customers c) as customers,
  (select json_agg(o order by order_no) from public.orders o) as orders,
  (select json_agg(d order by order_no) from "Sales"."Order Details" d) as details`

test('a database is taken over in one go, with its rows as they were, and again nothing happens', async () => {
  const { db, options, file } = await setUp()
  try {
    const before = (await db.migrator.query(allRows)).rows
    expect(await migrate(options)).toMatchObject({ applied: ['000001-initial.sql'] })
    const unforced = await db.asOwner(async (client) => {
      for (const table of ['public.customers', 'public.orders', '"Sales"."Order Details"'])
        await client.query(`alter table ${table} no force row level security`)
      const { rows } = await client.query(allRows)
      for (const table of ['public.customers', 'public.orders', '"Sales"."Order Details"'])
        await client.query(`alter table ${table} force row level security`)
      return rows
    })
    expect(unforced).toEqual(before)
    expect(await migrate(options)).toEqual({ system: [], applied: [] })
    const words = roleWords(db.names, options.catalog)
    expect(await migrationStatus(db.migrator, { ...options, words })).toMatchObject({
      state: 'current',
      differences: [],
    })
    // The file holds what is added, and nothing that is there.
    const text = await readFile(file, 'utf8')
    expect(text).not.toMatch(/create table "public"|create table "Sales"|add column|drop /)
    expect(text).not.toContain('secret_note')
    expect(text).toContain('alter table "Sales"."Order Details" owner to ":OWNER";')
    expect(text).toContain('create table "app"."visit"')
    const { rows: own } = await db.migrator.query(
      `select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) = $1 as owned,
         has_schema_privilege($1, relnamespace, 'create') as creates
       from pg_class where oid in ('public.customers'::regclass, '"Sales"."Order Details"'::regclass) order by 1`,
      [db.names.owner],
    )
    const fenced = { relrowsecurity: true, relforcerowsecurity: true, owned: true, creates: false }
    expect(own).toEqual([
      { relname: 'Order Details', ...fenced },
      { relname: 'customers', ...fenced },
    ])
    const { rows: other } = await db.migrator.query(
      "select relrowsecurity from pg_class where oid = 'public.untouched'::regclass",
    )
    expect(other).toEqual([{ relrowsecurity: false }])
  } finally {
    await db.close()
  }
})

test('what is done to an adopted table by hand is found, but for what the model does not speak of', async () => {
  const { db, options } = await setUp()
  try {
    await migrate(options)
    const words = roleWords(db.names, options.catalog)
    const after = async (change: string): Promise<readonly string[]> => {
      await db.migrator.query(`begin; set local role "${db.names.owner}"; ${change}; commit`)
      const { reasons } = await migrationStatus(db.migrator, { ...options, words })
      return reasons
    }
    expect(await after('alter table public.customers add column shoe_size integer')).toEqual([])
    expect(await after('alter table public.customers no force row level security')).toEqual([
      'table public.customers: force row security should be "on", but is "off"',
    ])
    await db.migrator.query(
      `set role "${db.names.owner}"; alter table public.customers force row level security; reset role`,
    )
    expect(await after('grant select (secret_note) on public.customers to public')).toEqual([
      'grant public.customers secret_note select to public: unexpected',
    ])
    await db.migrator.query(
      `set role "${db.names.owner}"; revoke all (secret_note) on public.customers from public; reset role`,
    )
    expect(await after('create policy mine on public.orders using (true)')).toEqual([
      'policy public.orders mine: unexpected',
    ])
    await db.migrator.query(`set role "${db.names.owner}"; drop policy mine on public.orders; reset role`)
    expect(await after('alter table public.orders disable trigger rowhouse_1_link')).toEqual([
      'trigger public.orders rowhouse_1_link is disabled: unexpected',
    ])
    await db.migrator.query(
      `set role "${db.names.owner}"; alter table public.orders enable trigger rowhouse_1_link; reset role`,
    )
    expect(await after('alter table public.orders alter column total type numeric(12,2)')).toEqual([
      'column public.orders total: type should be "numeric(10,2)", but is "numeric(12,2)"',
    ])
  } finally {
    await db.close()
  }
})

test.each([
  ['a right of everyone', 'grant select on public.orders to public', 'public.orders: "public" may select; revoke it'],
  [
    'a right on one column',
    'grant update (total) on public.orders to public',
    '"public" may update "total"; revoke it',
  ],
  ['a policy', 'create policy old on public.orders using (true)', 'has a policy "old" of its own'],
  [
    'a trigger',
    `create function public.f() returns trigger language plpgsql as 'begin return new; end';
     create trigger audit before update on public.orders for each row execute function public.f()`,
    'has a trigger "audit"',
  ],
  ['a rule', 'create rule quiet as on delete to public.orders do instead nothing', 'has a rule "quiet"'],
  [
    'a view that shows its rows',
    'create view public.all_orders as select * from public.orders; grant select on public.all_orders to public',
    'its rows are shown by view "public.all_orders"',
  ],
  [
    'a view over a view that shows its rows',
    `create view public.all_orders as select * from public.orders;
     create view public.paid with (security_invoker = true) as select * from public.all_orders;
     create materialized view public.sums as select count(*) from public.paid; grant select on public.sums to public`,
    'its rows are shown by view "public.sums"',
  ],
  ['a child', 'create table public.old_orders () inherits (public.orders)', 'inherits from another table'],
  ['a missing column', 'alter table public.orders drop column total', 'has no column "total"'],
  [
    'another type',
    'alter table public.customers alter column credit type double precision',
    'column "credit" is double precision, and the model says real',
  ],
  [
    'a column that may be null',
    'alter table public.customers alter column name drop not null',
    'column "name" may be null',
  ],
  [
    'a column that must not be null',
    "update public.customers set credit = 0, region = 'north'; alter table public.customers alter column credit set not null",
    'column "credit" is not null, and the model says that it is optional',
  ],
  [
    'another key',
    'alter table "Sales"."Order Details" drop constraint details_key; alter table "Sales"."Order Details" add primary key (line, order_no)',
    'its primary key is (line, order_no), and the model says (order_no, line)',
  ],
  [
    'no foreign key',
    'alter table public.orders drop constraint to_customer',
    'has no foreign key (customer) to public.customers (customer_id)',
  ],
  [
    'another action',
    'alter table public.orders drop constraint to_customer; alter table public.orders add foreign key (customer) references public.customers on delete cascade',
    'leads to public.customers (customer_id) on delete cascade, and the model says public.customers (customer_id)',
  ],
  ['nothing unique', 'drop index public.orders_total', 'nothing keeps (company_id, total) unique'],
  [
    'a column that nobody fills',
    'alter table public.customers add column vat text not null default 1; alter table public.customers alter column vat drop default',
    'no row can be made: column "vat" is not null',
  ],
  [
    'an id that nobody makes',
    'alter table public.orders alter column order_no drop default',
    'no row can be made: column "order_no"',
  ],
  [
    'a view in its place',
    'alter table public.orders rename to orders0; create view public.orders as select * from public.orders0',
    'public.orders: is a view; only plain tables can be adopted',
  ],
  ['nothing in its place', 'drop table public.orders cascade', 'public.orders: there is no such table'],
])('%s is refused before anything is touched', async (_title, change, wanted) => {
  if (change.startsWith('drop table') || change.includes('rename to orders0')) {
    const { db, options } = await setUp(change)
    try {
      await expect(migrate(options)).rejects.toMatchObject({
        code: 'ADOPTION_REFUSED',
        message: expect.stringContaining(wanted),
      })
    } finally {
      await db.close()
    }
    return
  }
  expect(await refusal(change)).toContain(wanted)
})

describe('keys in which tenants meet', () => {
  test('are refused with what to do, and those in which they do not are not', async () => {
    const said = await refusal('', false)
    expect(said.split('\n').slice(1)).toEqual([
      '  public.customers: its primary key "pk_customers" (customer_id) does not hold "company_id", so tenants learn and take each other\'s' +
        " values by CONFLICT; let it hold the column, or accept it: tenant: { column: 'company_id', keys: 'global' }",
    ])
  })

  test.each([
    ['a unique index', 'create unique index by_day on public.orders (placed_on)', 'unique index "by_day" (placed_on)'],
    [
      'one of some rows',
      'create unique index by_day on public.orders (placed_on) where total > 1',
      'unique index "by_day" (placed_on) WHERE',
    ],
    [
      'one over an expression, which hides the tenant',
      'create unique index by_name on "Sales"."Order Details" ((company_id::text), quantity)',
      'unique index "by_name"',
    ],
    [
      'one that only carries the tenant along',
      'create unique index by_day on public.orders (placed_on) include (company_id)',
      'unique index "by_day"',
    ],
    [
      'an exclusion',
      "alter table public.orders add constraint apart exclude using gist (daterange(placed_on, placed_on, '[]') with &&)",
      'exclusion constraint "apart" EXCLUDE',
    ],
    [
      'a uuid that callers may give, in another key than the first',
      'alter table public.orders add column token uuid unique',
      'unique index "orders_token_key" (token)',
    ],
    [
      'a relation of rows without one, where missing values clash',
      'alter table public.orders alter column customer drop not null; create unique index by_one on public.orders (customer) nulls not distinct',
      'unique index "by_one" (customer)',
    ],
  ])('%s is refused', async (_title, change, wanted) => {
    expect(await refusal(change)).toContain(`its ${wanted}`)
  })

  test.each([
    ['the tenant at the end', 'create unique index by_day on public.orders (placed_on, company_id)'],
    ['a row of the tenant', 'create unique index by_day on public.orders (customer, placed_on)'],
    ['an id that nobody chooses', 'create unique index by_day on public.orders (placed_on, order_no)'],
    [
      'an exclusion with the tenant',
      `create extension btree_gist; alter table public.orders add constraint apart
       exclude using gist (company_id with =, daterange(placed_on, placed_on, '[]') with &&)`,
    ],
  ])('%s keeps tenants apart', async (_title, change) => {
    const { db, options } = await setUp(change)
    try {
      expect(await migrate(options)).toMatchObject({ applied: ['000001-initial.sql'] })
    } finally {
      await db.close()
    }
  })

  test('are found when they come later', async () => {
    const { db, options } = await setUp()
    try {
      await migrate(options)
      await db.migrator.query(
        `grant create on schema public to "${db.names.owner}"; set role "${db.names.owner}";
         create unique index by_day on public.orders (placed_on); reset role; revoke create on schema public from "${db.names.owner}"`,
      )
      await expect(migrate(options)).rejects.toMatchObject({ code: 'ADOPTION_REFUSED' })
    } finally {
      await db.close()
    }
  })
})
