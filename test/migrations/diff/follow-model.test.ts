import { expect, test } from 'vitest'
import {
  buildCatalog,
  type Catalog,
  type Change,
  diffCatalogs,
  expectCatalog,
  followModel,
  type MigrateOptions,
  migrate,
  renderAdditions,
  replacePlaceholders,
  type Table,
  writeFirstMigration,
} from '#migrations'
import { loadModel } from '#policies'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { useAppFolders } from '../run/app-folder.ts'
import { sampleCatalog, sampleTable } from '../sample-catalog.ts'

const newFolder = useAppFolders()
const tenant = '0190a000-0000-7000-8000-000000000001'

async function withDatabase(
  catalog: Catalog,
  work: (db: TestDatabase, options: MigrateOptions) => Promise<void>,
): Promise<void> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const options = {
    appFolder: await newFolder(),
    migrateUrl: db.migratorUrl,
    names: db.names,
    catalog,
    roleSets: [['sales']],
    loginPassword: new URL(db.loginUrl).password,
  }
  try {
    await work(db, options)
  } finally {
    await db.close()
  }
}

async function insertRows(db: TestDatabase): Promise<void> {
  await db.asOwner(async (client) => {
    await client.query(`insert into rowhouse.tenant (id, slug, name) values ($1, 'a', 'A')`, [tenant])
    await client.query(`insert into app.customer (tenant_id) values ($1)`, [tenant])
    await client.query(
      `insert into app."order" (tenant_id, customer_id, number, total)
       select $1, c.id, 'n' || i, i from app.customer c, generate_series(1, 20) i`,
      [tenant],
    )
  })
}

/** The catalog with one table changed. */
function changed(name: string, change: (table: Table) => Partial<Table>, more: Partial<Catalog> = {}): Catalog {
  const tables = sampleCatalog.tables.map((table) => (table.name === name ? { ...table, ...change(table) } : table))
  return { ...sampleCatalog, tables, ...more }
}

const [live, guard] = sampleCatalog.functions as [Catalog['functions'][number], Catalog['functions'][number]]

// Everything that loses nothing, at once.
const further: Catalog = (() => {
  const order = changed('order', (table) => ({
    comment: 'What somebody asked for.',
    columns: [
      ...table.columns.map((column) => {
        if (column.name === 'number') return { ...column, comment: null, default: "'none'" }
        if (column.name === 'total') return { ...column, notNull: false, default: null }
        return column
      }),
      { name: 'note', type: 'text', notNull: false, default: null, comment: 'Said on the way.' },
      { name: 'weight', type: 'integer', notNull: true, default: '0', comment: null },
      { name: 'invoice_id', type: 'uuid', notNull: false, default: null, comment: null },
    ],
    constraints: [
      ...table.constraints.filter((one) => one.name !== 'order_number_check'),
      { name: 'order_weight_check', kind: 'check', definition: 'check (weight >= 0)' },
      {
        name: 'order_invoice_fkey',
        kind: 'foreign',
        definition: 'foreign key (tenant_id, invoice_id) references app.invoice (tenant_id, id)',
      },
    ],
    indexes: [
      { name: 'order_note_key', unique: true, keys: ['tenant_id', 'note'], where: 'deleted_at is null' },
      { name: 'order_total_idx', unique: false, keys: ['tenant_id', 'total'], where: null },
    ],
    policies: [
      ...table.policies
        .filter((one) => one.name !== 'r_000000000002')
        .map((one) =>
          one.name === 'r_000000000001'
            ? {
                ...one,
                using: 'deleted_at is null and invoice_id = any (array(select rowhouse_private.invoice_live()))',
              }
            : one,
        ),
      {
        name: 'd_000000000003',
        permissive: false,
        command: 'select',
        roles: [':MEMBER'],
        using: 'weight < 100',
        check: null,
        comment: 'heavy ones are hidden',
      },
    ],
    triggers: table.triggers.map((one) =>
      one.name === 'rowhouse_2_guard'
        ? { ...one, definition: one.definition.replace('number', 'number, weight') }
        : one,
    ),
    grants: [
      { to: ':PRIVATE', privilege: 'select', columns: null },
      { to: ':ROLE_SALES', privilege: 'select', columns: ['id', 'number', 'weight'] },
      { to: ':ROLE_SALES', privilege: 'update', columns: ['weight'] },
    ],
  }))
  const invoice = sampleTable('invoice', {
    policies: [],
    indexes: [{ name: 'invoice_deleted_idx', unique: false, keys: ['tenant_id', 'deleted_at'], where: null }],
    triggers: [
      {
        name: 'rowhouse_3_touch',
        definition: 'before update on app.invoice for each row execute function rowhouse.touch()',
      },
    ],
  })
  return {
    ...order,
    roles: [...sampleCatalog.roles, { name: ':ROLE_CLERK', memberOf: [':ROLE_SALES'], comment: null }],
    tables: [...order.tables, invoice].sort((a, b) => (a.name < b.name ? -1 : 1)),
    functions: [
      { ...live, name: 'invoice_live', rows: null, body: 'select id from app.invoice where deleted_at is null' },
      {
        ...guard,
        body: "begin if new.weight < 0 or current_setting('role') = ':ROLE_CLERK' then raise 'no'; end if; return new; end",
        comment: null,
        execute: [':OWNER', ':PRIVATE'],
      },
    ],
  }
})()

test('without migrations the whole example is an addition, and nothing is left to do the second time', async () => {
  const catalog = buildCatalog((await loadModel('examples/invoicing')).model)
  await withDatabase(catalog, async (_, options) => {
    const first = await followModel({ ...options, roleSets: [] })
    expect(first.followed).toBe(true)
    expect(new Set(first.changes.map((change) => change.class))).toEqual(new Set(['add']))
    expect(await followModel({ ...options, roleSets: [] })).toEqual({
      system: [],
      applied: [],
      changes: [],
      followed: true,
    })
  })
})

test('a model with more is followed, and every row stays', async () => {
  await withDatabase(sampleCatalog, async (db, options) => {
    await writeFirstMigration(options.appFolder, sampleCatalog, 'initial')
    await migrate(options)
    await insertRows(db)
    const told: (readonly Change[])[] = []
    const result = await followModel({ ...options, catalog: further, onChanges: (changes) => told.push(changes) })
    expect(result.followed).toBe(true)
    expect(told).toEqual([result.changes])
    const { rows } = await db.asOwner((client) =>
      client.query(`select count(*)::int as n, sum(weight)::int as weight, sum(total)::text as total from app."order"`),
    )
    expect(rows).toEqual([{ n: 20, weight: 0, total: '210.00' }])
    // Back again, apart from what cannot be: the columns and the table that came.
    const back = diffCatalogs(further, sampleCatalog).filter((change) => change.class === 'destructive')
    expect(back.map((change) => change.description)).toEqual([
      'role :ROLE_CLERK: removed, but other databases may use it',
      'column app.order total: becomes required',
      'column app.order note: removed with its values',
      'column app.order weight: removed with its values',
      'column app.order invoice_id: removed with its values',
      'constraint app.order order_number_check: added; existing rows may not fit',
      'index app.order order_number_key: unique; existing rows may not be',
      'table app.invoice: removed with its rows',
    ])
  })
})

test('nothing is changed when one change is destructive', async () => {
  const catalog = changed('order', (table) => ({
    columns: [...table.columns, { name: 'must', type: 'text', notNull: true, default: null, comment: null }],
    comment: 'changed too',
  }))
  await withDatabase(sampleCatalog, async (_, options) => {
    await followModel(options)
    const result = await followModel({ ...options, catalog })
    expect(result.followed).toBe(false)
    expect(result.changes.map((change) => `${change.class} ${change.description}`)).toEqual([
      'replace table app.order: another comment',
      'destructive column app.order must: added, required and without default',
    ])
    expect((await followModel(options)).changes).toEqual([])
  })
})

test.each<readonly [string, Catalog]>([
  ['column app.order number: type text becomes uuid', changed('order', retyped)],
  ['column app.order customer_id: becomes required', changed('order', required)],
  ['table app.order: row security weaker', changed('order', () => ({ forceRowSecurity: false }))],
  ['table app.order: another owner', changed('order', () => ({ owner: ':PRIVATE' }))],
  ['table app.order: removed with its rows', { ...sampleCatalog, tables: sampleCatalog.tables.slice(0, 1) }],
  [
    'constraint app.customer customer_region_check: changed; existing rows may not fit',
    changed('customer', (table) => ({
      constraints: table.constraints.map((one) =>
        one.kind === 'check' ? { ...one, definition: "check (region in ('eu'))" } : one,
      ),
    })),
  ],
  [
    'index app.customer customer_region_key: unique; existing rows may not be',
    changed('customer', () => ({
      indexes: [{ name: 'customer_region_key', unique: true, keys: ['tenant_id', 'region'], where: null }],
    })),
  ],
  [
    'function rowhouse_private.customer_live(): another signature',
    { ...sampleCatalog, functions: [{ ...live, returns: 'setof text' }, guard] },
  ],
])('destructive: %s', (description, to) => {
  const destructive = diffCatalogs(sampleCatalog, to).filter((change) => change.class === 'destructive')
  expect(destructive.map((change) => change.description)).toEqual([description])
  expect(() => renderAdditions(destructive)).toThrow(description)
})

function retyped(table: Table): Partial<Table> {
  return { columns: table.columns.map((one) => (one.name === 'number' ? { ...one, type: 'uuid' } : one)) }
}

function required(table: Table): Partial<Table> {
  return { columns: table.columns.map((one) => (one.name === 'customer_id' ? { ...one, notNull: true } : one)) }
}

test('while a policy is replaced no other session reads past it', async () => {
  await withDatabase(sampleCatalog, async (db, options) => {
    await followModel(options)
    await insertRows(db)
    const text = replacePlaceholders(renderAdditions(diffCatalogs(sampleCatalog, withOpenPolicy())), db.names)
    const read = () =>
      db.asActor({ roles: ['sales'], tenant }, async (client) => {
        await client.query(`set local lock_timeout = '100ms'`)
        return (await client.query('select count(*)::int as n from app."order"')).rows[0].n
      })
    expect(await read()).toBe(20)
    await db.migrator.query('begin')
    await db.migrator.query(text)
    await expect(read()).rejects.toThrow('lock timeout')
    await db.migrator.query('rollback')
    expect(await read()).toBe(20)
  })
})

function withOpenPolicy(): Catalog {
  return changed('order', (table) => ({
    policies: table.policies.map((one) => (one.name === 'r_000000000001' ? { ...one, using: 'total < 10' } : one)),
  }))
}

test('an index with other keys is there before the one that it replaces goes', async () => {
  const longer = changed('order', ({ indexes }) => ({
    indexes: indexes.map((one) => (one.name === 'order_total_idx' ? { ...one, keys: [...one.keys, 'id'] } : one)),
  }))
  const text = renderAdditions(diffCatalogs(sampleCatalog, longer))
  expect(text.split('\n').filter((line) => line.includes('index'))).toEqual([
    'create index "order_total_idx_anew" on "app"."order" (tenant_id, total desc, number, id) where deleted_at is null and total > 10;',
    'drop index "app"."order_total_idx";',
    'alter index "app"."order_total_idx_anew" rename to "order_total_idx";',
  ])
  await withDatabase(sampleCatalog, async (_, options) => {
    await followModel(options)
    const { followed, changes } = await followModel({ ...options, catalog: longer })
    expect([followed, changes.map(({ description }) => description)]).toEqual([
      true,
      ['index app.order order_total_idx: changed'],
    ])
    expect((await followModel({ ...options, catalog: longer })).changes).toEqual([])
  })
})

test('of several such indexes none goes before all are made, for its table is locked until the commit then', () => {
  const byNumber = { name: 'order_note_idx', unique: false, keys: ['tenant_id', 'number'], where: null }
  const before = changed('order', ({ indexes }) => ({ indexes: [...indexes, byNumber] }))
  const longer = changed('order', ({ indexes }) => ({
    indexes: [...indexes, byNumber].map((one) => (one.unique ? one : { ...one, keys: [...one.keys, 'id'] })),
  }))
  const text = renderAdditions(diffCatalogs(before, longer))
  expect(text.match(/^(create|drop|alter) index/gm)).toEqual([
    ...['create index', 'create index'],
    ...['drop index', 'alter index', 'drop index', 'alter index'],
  ])
})

test('a right on a whole table goes without taking the rights on its columns along', async () => {
  const whole = changed('order', (table) => ({
    grants: [...table.grants, { to: ':ROLE_SALES', privilege: 'select', columns: null }],
  }))
  await withDatabase(whole, async (_, options) => {
    await followModel(options)
    expect((await followModel({ ...options, catalog: sampleCatalog })).followed).toBe(true)
  })
})

test('an addition that rows do not fit after all leaves everything as it was', async () => {
  const broken = changed('order', (table) => ({
    columns: [...table.columns, { name: 'weight', type: 'integer', notNull: true, default: '0', comment: null }],
    constraints: [
      ...table.constraints,
      { name: 'order_weight_check', kind: 'check', definition: 'check (weight > 0 and total > 0)' },
    ],
  }))
  await withDatabase(sampleCatalog, async (db, options) => {
    await followModel(options)
    await insertRows(db)
    await expect(followModel({ ...options, catalog: broken })).rejects.toMatchObject({ code: 'RECREATE_NEEDED' })
    expect((await followModel(options)).changes).toEqual([])
  })
})

test('a new title of a rule is only a new comment', () => {
  const check = { name: 'order_rule_x', kind: 'check', definition: 'check (total > 0)' } as const
  const titled = (comment: string) =>
    changed('order', ({ constraints }) => ({ constraints: [...constraints, { ...check, comment }] }))
  const changes = diffCatalogs(titled('some'), titled('more than nothing'))
  expect(changes.map((change) => [change.class, change.description])).toEqual([
    ['replace', 'constraint app.order order_rule_x: another comment'],
  ])
  expect(renderAdditions(changes)).toContain(
    `comment on constraint "order_rule_x" on "app"."order" is 'more than nothing';`,
  )
})

test('what was expected beforehand is what the database is held against, and is not known while roles are missing', async () => {
  await withDatabase(sampleCatalog, async (_, options) => {
    expect(await expectCatalog(options)).toBeNull()
    await followModel(options)
    const next = { ...options, catalog: further }
    const expected = expectCatalog(next)
    expect(await expected).not.toBeNull()
    // Of another catalog it is what the database does not become.
    await expect(followModel({ ...next, expected: expectCatalog(options) })).rejects.toMatchObject({
      code: 'DATABASE_DRIFTED',
    })
    expect((await followModel({ ...next, expected })).followed).toBe(true)
    expect((await followModel(next)).changes).toEqual([])
  })
})
