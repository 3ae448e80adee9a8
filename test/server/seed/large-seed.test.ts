import { expect, test } from 'vitest'
import { buildCatalog, compareCatalogs, formatDifference, readCatalog, roleWords } from '#migrations'
import { loadModel } from '#policies'
import type { SeedRow, SeedStream } from '../../../server/seed/define-seed.ts'
import { openSeed } from '../../../server/seed/load-seed.ts'
import { runSeed } from '../../../server/seed/run-seed.ts'
import { createTestDatabase, type TestDatabase, useDatabase } from '../../support/database.ts'

const folder = `${process.cwd()}/examples/invoicing`
const { model } = await loadModel(folder)
const catalog = buildCatalog(model)
const tenant = { id: '00000000-0000-8000-8000-00000000000a', slug: 'a', name: 'A' }
const id = (n: number) => `00000000-0000-8000-9000-${String(n).padStart(12, '0')}`

const large = useDatabase({ migrator: 'plain' })
const small = useDatabase({ migrator: 'plain' })

test('three times the orders: each with its lines, and the same again', async () => {
  await large().applyCatalog(catalog)
  const before = await catalogOf(large())
  const told: number[] = []
  const options = { largeFrom: 500, onProgress: (rows: number) => told.push(rows) }
  const outcome = await seed(large(), (await openSeed(folder, model, 3))!, options)
  const counted = await large().asOwner((client) =>
    client.query(`select count(*)::int as orders, count(distinct number)::int as numbers,
      (select count(*)::int from app."order" o where not exists (select from app.order_line l where l.order_id = o.id)) as bare,
      (select count(*)::int from app.invoice) as invoices from app."order" group by tenant_id order by 1`),
  )
  expect(counted.rows).toEqual([
    expect.objectContaining({ orders: 1800, numbers: 1800, bare: 0 }),
    expect.objectContaining({ orders: 4200, numbers: 4200, bare: 0 }),
  ])
  expect(told).toEqual(Array.from({ length: Math.floor(outcome.rows / 10_000) }, (_, at) => (at + 1) * 10_000))
  // Foreign keys were away, row security and triggers off meanwhile.
  expect(compareCatalogs(before, await catalogOf(large())).map(formatDifference)).toEqual([])
  // Stored sums found their payments by key, not among all of the tenant, in tables that Postgres had never counted.
  await expect.poll(paymentsRead, { timeout: 30_000 }).toMatchObject({ isCounted: true, manyEach: false })

  const sum = () => large().asOwner(async (client) => (await client.query(checksum)).rows[0])
  const first = await sum()
  await large().asOwner((client) => client.query(`update app.order_line set quantity = 99; delete from app.payment`))
  expect(await seed(large(), (await openSeed(folder, model, 3))!, { again: true })).toEqual(outcome)
  expect(await sum()).toEqual(first)
})

async function paymentsRead() {
  const { rows } = await large().asOwner((client) =>
    client.query(`select sum(idx_tup_read) > 0 as "isCounted",
      sum(idx_tup_read) > 10 * (select count(*) from app.payment) as "manyEach", sum(idx_tup_read) as read
      from pg_stat_user_indexes where relname = 'payment'`),
  )
  return rows[0]
}

const checksum = `select (select md5(string_agg(l::text, '' order by tenant_id, id)) from app.order_line l) as lines,
  (select md5(string_agg(p::text, '' order by tenant_id, id)) from app.payment p) as payments`

test('foreign keys that were away are looked at when they come back, and nothing is left of a seed that breaks one', async () => {
  await small().applyCatalog(catalog)
  const before = await catalogOf(small())
  function* products(): Iterable<SeedRow> {
    for (let n = 0; n < 200; n++) yield { id: id(n), sku: `SK-${1000 + n}`, name: 'x', price: '1.00' }
  }
  const rows = {
    Product: products(),
    Contact: [{ id: id(1), customer: id(404), name: 'x', email: 'x@x.example', part: 'buyer' }],
  }
  expect(await refusalOf(seed(small(), { tenants: [{ ...tenant, rows }] }, { largeFrom: 100 }))).toMatch(
    /of "Contact", field "customer"[\s\S]*contact_customer_fkey[\s\S]*404/,
  )
  expect(await count(small(), 'product')).toBe(0)
  expect(compareCatalogs(before, await catalogOf(small())).map(formatDifference)).toEqual([])
})

test('what is there twice is told when the indexes come back, and nothing is left', async () => {
  const before = await catalogOf(small())
  function* products(): Iterable<SeedRow> {
    for (let n = 0; n < 200; n++) yield { id: id(n), sku: `SK-${1000 + (n % 150)}`, name: 'x', price: '1.00' }
  }
  expect(
    await refusalOf(seed(small(), { tenants: [{ ...tenant, rows: { Product: products() } }] }, { largeFrom: 100 })),
  ).toMatch(/of "Product", field "sku"[\s\S]*product_sku_key[\s\S]*SK-1/)
  expect(await count(small(), 'product')).toBe(0)
  expect(compareCatalogs(before, await catalogOf(small())).map(formatDifference)).toEqual([])
})

test.each<[string, string, SeedRow, RegExp]>([
  ['a check', 'Product', { sku: 'no sku' }, /\(row 2 of "Product", id ".*2"\)[\s\S]*product_sku_check/],
  ['a missing value', 'Product', { name: null }, /\(row 2 of "Product", id ".*2", field "name"\)/],
  ['what is no number', 'Product', { price: 'dear' }, /\(row 2 of "Product", id ".*2", field "price"\)[\s\S]*"dear"/],
  ['an id of nothing', 'Contact', { customer: id(404) }, /\(row 2 of "Contact", id ".*2", field "customer"\)/],
  [
    'a number twice',
    'Customer',
    { number: 'C-1' },
    /\(row 2 of "Customer", id ".*2", field "number"\)[\s\S]*customer_number/,
  ],
])('%s is told with row, id and field', async (_what, entity, wrong, message) => {
  const good: Readonly<Record<string, (n: number) => SeedRow>> = {
    Organization: (n) => ({ id: id(n), name: 'x', slug: `x-${n}` }),
    Product: (n) => ({ id: id(n), sku: `SK-${1000 + n}`, name: 'x', price: '1.00' }),
    Customer: (n) => ({
      id: id(n),
      number: `C-${n}`,
      name: 'x',
      organization: id(1),
      region: 'eu',
      since: '2026-01-01',
    }),
    Contact: (n) => ({ id: id(n), customer: id(1), name: 'x', email: `x${n}@x.example`, part: 'buyer' }),
  }
  const rows = Object.fromEntries(
    Object.entries(good).map(([name, make]) => [
      name,
      [1, 2, 3].map((n) => (name === entity && n === 2 ? { ...make(n), ...wrong } : make(n))),
    ]),
  )
  for (const again of [false, true]) {
    const run = seed(small(), { tenants: [{ ...tenant, rows }] }, { again })
    // Where rows are brought over all at once, Postgres says which table.
    const atOnce = again || entity === 'Contact'
    const told = atOnce && /an id|twice/.test(_what) ? new RegExp(`of "${entity}"`) : message
    expect(await refusalOf(run)).toMatch(told)
    expect(await count(small(), 'product')).toBe(0)
  }
})

test('whoever is told how far it is can stop it', async () => {
  function* organizations(): Iterable<SeedRow> {
    for (let n = 1; n <= 30_000; n++) yield { id: id(n), name: 'x', slug: `x-${n}` }
  }
  const stopped = new Error('Enough')
  const onProgress = (): never => {
    throw stopped
  }
  const run = seed(small(), { tenants: [{ ...tenant, rows: { Organization: organizations() } }] }, { onProgress })
  await expect(run).rejects.toBe(stopped)
  expect(await count(small(), 'organization')).toBe(0)
})

test('every problem of a stream is told with the first row that has it, twenty at most', async () => {
  function* organizations(): Iterable<SeedRow> {
    for (let n = 1; n <= 12_000; n++)
      yield { id: id(n), name: n === 7 ? '\ud800' : 'x', slug: 'x', ...(n > 3 ? { a: 1 } : {}) }
    for (let n = 1; n <= 25; n++) yield { id: `x${n}`, [`f${n}`]: Number.NaN }
  }
  const rows = { Organization: organizations() }
  expect(await refusalOf(seed(small(), { tenants: [{ ...tenant, rows }] }))).toMatch(
    /"Organization" has no "a"\. \(row 4 of "Organization", id ".*4", and 11996 more\)\n {2}- "Organization.name" holds half of a character\. \(row 7[\s\S]*… and 7 more$/,
  )
})

test.each([
  'a\tb\nc\rd\\e',
  '\\N',
  '\\.',
  '',
  ' ',
  '\\',
  'null',
  '{"a":1}',
  'naïve 🙂 \u2028 \u0001',
  "'); drop table app.product; --",
])('the text %j comes back as it was', async (text) => {
  const database = small()
  await database.asOwner((client) => client.query(`delete from app.organization; delete from rowhouse.tenant`))
  const [one, two] = [id(1), id(2)]
  const rows = {
    Organization: [
      { id: one, name: `x${text}`, slug: 'one' },
      { id: two, name: `${text}y`, slug: 'two' },
    ],
  }
  for (const again of [false, true]) {
    await seed(database, { tenants: [{ ...tenant, rows }] }, { again })
    const found = await database.asOwner((client) => client.query('select name from app.organization order by id'))
    expect(found.rows).toEqual([{ name: `x${text}` }, { name: `${text}y` }])
  }
})

test('rows of no tenant that are there already become what the seed says, also with new tenants', async () => {
  const user = (name: string) => ({ User: [{ id: id(9), name, email: 'x@x.example' }] })
  const other = { ...tenant, id: id(77), slug: 'b', rows: {} }
  const database = await createTestDatabase({ migrator: 'plain' })
  try {
    await database.applyCatalog(catalog)
    await seed(database, { shared: user('First'), tenants: [{ ...tenant, rows: {} }] })
    await seed(database, { shared: user('Second'), tenants: [other] })
    const { rows } = await database.asOwner((client) => client.query('select name from app."user"'))
    expect(rows).toEqual([{ name: 'Second' }])
  } finally {
    await database.close()
  }
})

/** The message of SEED_INVALID. */
function refusalOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'nothing was refused',
    (error) => (error.code === 'SEED_INVALID' ? error.message : Promise.reject(error)),
  )
}

function catalogOf({ migrator, names }: TestDatabase) {
  return readCatalog(migrator, roleWords(names, catalog))
}

async function seed(
  database: TestDatabase,
  what: SeedStream,
  how: { readonly again?: boolean; readonly largeFrom?: number; readonly onProgress?: (rows: number) => void } = {},
) {
  const client = await database.connect(database.migratorUrl)
  try {
    return await runSeed(model, what, { client, owner: database.names.owner, again: false, ...how })
  } finally {
    await client.end()
  }
}

function count(database: TestDatabase, table: string): Promise<number> {
  return database.asOwner(async (client) => {
    const { rows } = await client.query(`select count(*)::int as n from app."${table}"`)
    return rows[0].n
  })
}
