import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import type { SeedData, SeedRow } from '../../../server/seed/define-seed.ts'
import { loadSeed } from '../../../server/seed/load-seed.ts'
import { runSeed, type SeedOutcome } from '../../../server/seed/run-seed.ts'
import { createTestDatabase, type TestDatabase, useDatabase } from '../../support/database.ts'
import { compare } from '../../support/model.ts'

const folder = `${process.cwd()}/examples/invoicing`
const { model } = await loadModel(folder)
const catalog = buildCatalog(model)
const data = (await loadSeed(folder))!

const db = useDatabase({ migrator: 'plain' })
const other = useDatabase({ migrator: 'plain' })

test('a seed is written whole, past row security and triggers, which are in force again afterwards', async () => {
  await db().applyCatalog(catalog)
  expect(await seed(db(), data, false, true)).toEqual({ kind: 'seeded', rows: rowsOf(data) })
  expect(await count(db(), 'order')).toBe(2000)
  expect(await count(db(), 'customer')).toBe(60)
  const { rows } = await db().migrator.query(
    `select count(*)::int as tables, bool_and(relrowsecurity and relforcerowsecurity) as forced,
       (select bool_and(tgenabled = 'O') from pg_trigger where tgrelid in (select oid from pg_class where relnamespace = 'app'::regnamespace)) as enabled
     from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'`,
  )
  expect(rows[0]).toEqual({ tables: model.entities.length, forced: true, enabled: true })
})

test('a second time it is present, and nothing is touched', async () => {
  await db().asOwner((client) => client.query(`update app.customer set name = 'Changed' where number = 'C-0001'`))
  expect(await seed(db(), data)).toEqual({ kind: 'present', rows: 0 })
  expect(await count(db(), 'customer', `name = 'Changed'`)).toBe(2)
})

test('where only an empty database was meant, any tenant keeps the seed out', async () => {
  const [acme] = data.tenants
  const elsewhere = { tenants: [{ ...acme!, id: '00000000-0000-8000-8000-0000000000aa', slug: 'aa', rows: {} }] }
  expect(await seed(db(), elsewhere, false, true)).toEqual({ kind: 'occupied', rows: 0 })
  expect(await seed(db(), data, false, true)).toEqual({ kind: 'present', rows: 0 })
  expect(await count(db(), 'customer')).toBe(60)
})

test('again: its rows become what the seed says, other rows stay', async () => {
  const acme = data.tenants[0]!
  await db().asOwner(async (client) => {
    await client.query('update app.customer set deleted_at = now()')
    await client.query(`insert into app.organization (tenant_id, name, slug) values ($1, 'Mine', 'mine')`, [acme.id])
  })
  expect(await seed(db(), data, true)).toEqual({ kind: 'seeded', rows: rowsOf(data) })
  expect(await count(db(), 'customer', `name = 'Changed' or deleted_at is not null`)).toBe(0)
  expect(await count(db(), 'organization', `slug = 'mine'`)).toBe(1)
})

test('a row that the database refuses leaves nothing behind', async () => {
  await other().applyCatalog(catalog)
  const bad: SeedRow = { id: '00000000-0000-8000-8000-000000000001', name: 'Bad', sku: 'no sku', price: '1.00' }
  await expect(seed(other(), withProducts([bad]))).rejects.toMatchObject({
    code: 'SEED_INVALID',
    message: expect.stringContaining('product_sku_check'),
  })
  expect(await count(other(), 'organization')).toBe(0)
  const { rows } = await other().migrator.query(`select bool_and(relforcerowsecurity) as forced from pg_class
    where relnamespace = 'app'::regnamespace and relkind = 'r'`)
  expect(rows[0].forced).toBe(true)
})

test('two at once: one seeds, the other finds it done', async () => {
  const outcomes = await Promise.all([seed(other(), data), seed(other(), data)])
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['present', 'seeded'])
})

test.each<[string, SeedData, string]>([
  ['an unknown entity', withRows({ Custmer: [{ id: 'x' }] }), 'There is no entity "Custmer". Did you mean "Customer"?'],
  [
    'an unknown field',
    withRows({ Customer: [{ id: 'x', nmae: 'y' }] }),
    '"Customer" has no "nmae". Did you mean "name"?',
  ],
  ['a relation without a column', withRows({ Customer: [{ id: 'x', orders: 'y' }] }), '"Customer" has no "orders".'],
  ['a missing id', withRows({ Customer: [{ name: 'y' }] }), 'A row of "Customer" has no id.'],
  [
    'an id given twice',
    withRows({ Customer: [{ id: 'ab' }, { id: 'c' }, { id: 'AB' }] }),
    'Two rows of "Customer" have the id "AB".',
  ],
  ['a person inside a tenant', withRows({ User: [{ id: 'x' }] }), 'Rows of "User" belong to no tenant'],
  [
    'a customer outside of one',
    { ...data, shared: { Customer: [{ id: 'x' }] } },
    'Rows of "Customer" belong to a tenant',
  ],
  ['no tenant', { tenants: [] }, 'It has no tenants.'],
])('%s is told before anything is written', async (_what, wrong, message) => {
  await expect(seed(other(), wrong)).rejects.toMatchObject({
    code: 'SEED_INVALID',
    message: expect.stringContaining(message),
  })
})

test.each([
  ['no seed', 'export const other = 1', 'exports no "seed"'],
  ['a seed that fails', `export const seed = { make() { throw new Error('No luck') } }`, 'cannot be run: No luck'],
  [
    'a generator that fails',
    `export const seed = { make: () => ({ tenants: [{ id: 'x', slug: 'x', name: 'X', rows: { A: (function* () { throw new Error('No more') })() } }] }) }`,
    'cannot be run: No more',
  ],
  [
    'a text for a list',
    `export const seed = { make: () => ({ tenants: [{ id: 'x', slug: 'x', name: 'X', rows: { A: 'rows' } }] }) }`,
    'not of the form',
  ],
  ['a promise', 'export const seed = { make: async () => ({ tenants: [] }) }', 'not of the form'],
  ['nothing', 'export const seed = { make: () => undefined }', 'not of the form'],
  ['a tenant without rows', `export const seed = { make: () => ({ tenants: [{ id: 'x' }] }) }`, 'not of the form'],
  ['a row that is a text', `export const seed = { make: () => ({ shared: { User: ['x'] }, tenants: [] }) }`, 'not of'],
])('a seed.ts with %s is SEED_INVALID', async (_what, text, message) => {
  const app = await mkdtemp(join(tmpdir(), 'rowhouse-seed-'))
  await writeFile(join(app, 'seed.ts'), text)
  const invalid = { code: 'SEED_INVALID', message: expect.stringContaining(message) }
  await expect(loadSeed(app)).rejects.toMatchObject(invalid)
  await rm(app, { recursive: true })
})

test('hostile words are data', async () => {
  const name = `'); drop table app."order"; -- $1 :OWNER \\ "`
  const [acme] = data.tenants
  const evil = {
    id: '00000000-0000-8000-8000-00000000000e',
    slug: name,
    name,
    rows: { Organization: [{ id: acme!.id, name, slug: 'a' }] },
  }
  expect(await seed(other(), { tenants: [evil] })).toEqual({ kind: 'seeded', rows: 1 })
  expect(await count(other(), 'organization', `name = ${quote(name)}`)).toBe(1)
})

test('a row that breaks a rule of its entity is told by the title of the rule', async () => {
  const database = await createTestDatabase()
  try {
    const rule = { title: 'named after nobody', where: compare('name', 'isNot', 'x') }
    const ruled = {
      ...model,
      entities: model.entities.map((each) => (each.name === 'Organization' ? { ...each, rules: [rule] } : each)),
    }
    await database.applyCatalog(buildCatalog(ruled))
    const rows = { Organization: [{ id: data.tenants[0]!.id, name: 'x', slug: 'x' }] }
    const client = database.migrator
    const run = runSeed(ruled, withRows(rows), { client, owner: database.names.owner, again: false })
    await expect(run).rejects.toMatchObject({
      code: 'SEED_INVALID',
      message: expect.stringContaining('breaks a rule: Organization: named after nobody'),
    })
  } finally {
    await database.close()
  }
})

async function seed(database: TestDatabase, what: SeedData, again = false, onlyEmpty = false): Promise<SeedOutcome> {
  const client = await database.connect(database.migratorUrl)
  try {
    return await runSeed(model, what, { client, owner: database.names.owner, again, onlyEmpty })
  } finally {
    await client.end()
  }
}

function count(database: TestDatabase, table: string, where = 'true'): Promise<number> {
  return database.asOwner(async (client) => {
    const { rows } = await client.query(`select count(*)::int as n from app."${table}" where ${where}`)
    return rows[0].n
  })
}

function rowsOf({ shared, tenants }: SeedData): number {
  const lists = [shared ?? {}, ...tenants.map(({ rows }) => rows)].flatMap((rows) => Object.values(rows))
  return lists.reduce((sum, list) => sum + list.length, 0)
}

function withRows(rows: SeedData['tenants'][number]['rows']): SeedData {
  return { tenants: [{ ...data.tenants[0]!, rows }] }
}

function withProducts(more: readonly SeedRow[]): SeedData {
  const [acme] = data.tenants
  return { ...data, tenants: [{ ...acme!, rows: { ...acme!.rows, Product: [...acme!.rows.Product!, ...more] } }] }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
