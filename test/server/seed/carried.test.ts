import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import type { SeedStream } from '../../../server/seed/define-seed.ts'
import { openSeed } from '../../../server/seed/load-seed.ts'
import { runSeed, type SeedOptions } from '../../../server/seed/run-seed.ts'
import { useDatabase } from '../../support/database.ts'

const folder = `${process.cwd()}/examples/invoicing`
const { model } = await loadModel(folder)
const db = useDatabase({ migrator: 'plain' })
const id = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`
const tables = ['contact', 'invoice', 'order', 'order_line', 'payment'].map((name) => `app."${name}"`)

/** Fills the database anew. @returns how many tables were made for rows to wait in */
async function fill(seed: SeedStream, options: Pick<SeedOptions, 'mostCarried'>): Promise<number> {
  const client = db().migrator
  const { rows } = await db().asOwner((owner) =>
    owner.query(
      "select string_agg(format('%I.%I', schemaname, tablename), ', ') as all from pg_tables where schemaname = 'app'",
    ),
  )
  await db().asOwner((owner) => owner.query(`truncate ${rows[0].all}; delete from rowhouse.tenant`))
  let made = 0
  const query = client.query
  client.query = ((...given: Parameters<typeof query>) => {
    if (typeof given[0] === 'string' && given[0].startsWith('create table "rowhouse"."seed_rows')) made++
    return query.apply(client, given)
  }) as typeof query
  try {
    await runSeed(model, seed, { client, owner: db().names.owner, again: false, ...options })
  } finally {
    client.query = query
  }
  return made
}

async function checksums(): Promise<readonly string[]> {
  const sums = tables.map((table) => `(select md5(string_agg(t::text, '' order by tenant_id, id)) from ${table} t)`)
  const { rows } = await db().asOwner((owner) => owner.query(`select array[${sums.join(', ')}] as sums`))
  return rows[0].sums
}

test('carried columns are filled on the way, and by the database where a tenant has too many rows to remember', async () => {
  await db().applyCatalog(buildCatalog(model))
  const run = async (mostCarried?: number) =>
    fill((await openSeed(folder, model, 1))!, mostCarried === undefined ? {} : { mostCarried })
  const waiting = await run(0)
  expect(waiting).toBeGreaterThanOrEqual(tables.length)
  const told = await checksums()
  expect(new Set(told).size).toBe(tables.length)
  expect(await run()).toBe(0)
  expect(await checksums()).toEqual(told)
  // Enough for customers and orders of the smaller tenant, and for customers of the larger one.
  const some = await run(1000)
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(waiting)
  expect(await checksums()).toEqual(told)
})

/** Two tenants whose rows have the same ids, but lead elsewhere. */
function alike(contact: (tenant: number) => string): SeedStream {
  const tenants = [1, 2].map((tenant) => ({
    id: id(900 + tenant),
    slug: `t${tenant}`,
    name: 'T',
    rows: {
      Organization: [1, 2].map((n) => ({ id: id(n), name: 'x', slug: `x-${n}` })),
      Customer: [
        { id: id(10), number: 'C-1', name: 'x', organization: id(tenant), region: 'eu', since: '2026-01-01' },
        {
          id: id(10 + tenant),
          number: 'C-2',
          name: 'x',
          organization: id(3 - tenant),
          region: 'eu',
          since: '2026-01-01',
        },
      ],
      Contact: [
        { id: id(20), customer: id(10).toUpperCase(), name: 'x', email: 'x@x.example', part: 'buyer' },
        { id: id(21), customer: contact(tenant), name: 'y', email: 'y@x.example', part: 'buyer' },
      ],
    },
  }))
  return { tenants } as SeedStream
}

test('what is remembered is the row of the same tenant, however its key is written', async () => {
  const unhyphened = (tenant: number) => `{${id(10 + tenant).replaceAll('-', '')}}`
  // The second ones wait: the database reads the key.
  expect(await fill(alike(unhyphened), {})).toBe(1)
  const { rows } = await db().asOwner((owner) =>
    owner.query('select name, customer_organization_id as carried from app.contact order by tenant_id, id'),
  )
  expect(rows.map(({ name, carried }) => [name, carried])).toEqual([
    ['x', id(1)],
    ['y', id(2)],
    ['x', id(2)],
    ['y', id(1)],
  ])
})

test('a row of another tenant is none to copy from', async () => {
  await expect(
    fill(
      alike(() => id(11)),
      {},
    ),
  ).rejects.toThrow(/of "Contact", field "customer"[\s\S]*contact_customer_fkey/)
})
