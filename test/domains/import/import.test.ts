import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stableId } from '#server'
import { runRowhouse } from '../../cli/support/run-rowhouse.ts'
import { type AppServer, useAppServer } from '../../support/app-server.ts'
import type { Domain } from '../support/dump-files.ts'
import { loadDump, type Original, useOriginal } from '../support/original.ts'

mkdirSync('.tmp', { recursive: true })
/** Inside the repository, so that `rowhouse/…` resolves; git ignores it. */
const scratch = mkdtempSync(join('.tmp', 'domains-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const tenant = stableId('import')
const admin = { sub: stableId('import', 'admin'), tenant, roles: ['admin'] }
const seed = { tenants: [{ id: tenant, slug: 'import', name: 'Import', rows: {} }] }

/** The dump imported, its tables taken over by what was written, and served: a start compares the catalog with the database. */
function useImported(domain: Domain) {
  const original = useOriginal(domain)
  const folder = join(scratch, domain)
  const app = useAppServer(folder, seed, {
    before: async (client) => {
      const ended = await runRowhouse(['import', original().url, folder])
      expect(ended).toMatchObject({ code: 0 })
      await loadDump(client, domain)
    },
  })
  return { original, folder, app }
}

/** What the report lists, by code. */
function listed(folder: string): Readonly<Record<string, readonly string[]>> {
  const sections = readFileSync(join(folder, 'IMPORT.md'), 'utf8').split(/^### /m).slice(1)
  const lines = (text: string) => [...text.matchAll(/^- `([^`]+)`/gm)].map(([, object]) => object!)
  return Object.fromEntries(sections.map((text) => [text.split('\n')[0]!, lines(text)]))
}

function compiles(folder: string): void {
  cpSync('examples/invoicing/tsconfig.json', join(folder, 'tsconfig.json'))
  execFileSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' })
}

/** Columns of the adopted tables that the catalog says, and those of the dump. */
async function columns(app: AppServer, original: Original) {
  const adopted = app.catalog.tables.filter((table) => table.adopted !== null)
  const said = adopted.flatMap((table) => table.columns.map(({ name, type }) => `${table.name}.${name} ${type}`))
  const rows = await original.rows(
    `select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) as name
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`,
  )
  return { said: said.sort(), there: rows.map(({ name }) => String(name)).sort() }
}

/** How many rows each list has, and each table. */
const counts = (lists: Readonly<Record<string, string>>) => ({
  query: `{ ${Object.keys(lists)
    .map((list) => `${list} { totalCount }`)
    .join(' ')} }`,
  sql: `select ${Object.entries(lists)
    .map(([list, table]) => `json_build_object('totalCount', (select count(*) from ${table})) as "${list}"`)
    .join(', ')}`,
})

describe('Chinook', () => {
  const { original, folder, app } = useImported('chinook')

  test('comes out whole, but for what is listed', async () => {
    compiles(folder)
    const { said, there } = await columns(app(), original())
    expect(said).toEqual(there)
    expect(listed(folder)).toMatchInlineSnapshot(`
      {
        "TIMESTAMP_ZONE": [
          "public.employee.birth_date",
          "public.employee.hire_date",
          "public.invoice.invoice_date",
        ],
      }
    `)
  })

  test('is served with every row', async () => {
    const { query, sql } = counts({
      artists: 'artist',
      albums: 'album',
      tracks: 'track',
      genres: 'genre',
      mediaTypes: 'media_type',
      playlists: 'playlist',
      playlistTracks: 'playlist_track',
      employees: 'employee',
      customers: 'customer',
      invoices: 'invoice',
      invoiceLines: 'invoice_line',
    })
    const { data, errors } = await app().ask(admin, query)
    expect(errors, JSON.stringify(app().log)).toEqual([])
    expect([data]).toEqual(await original().rows(sql))
  })

  test('relations, joins and amounts are there under names that one would guess', async () => {
    const { data, errors } = await app().ask(
      admin,
      `{ playlists(filter: { name: { equalTo: "Grunge" } }) { nodes { tracks(orderBy: [NAME_ASC]) { nodes {
        name unitPrice milliseconds album { title artist { name } } invoiceLines { totalCount }
      } } } } }`,
    )
    expect(errors, JSON.stringify(app().log)).toEqual([])
    const rows = await original().rows(
      `select t.name, unit_price::text as "unitPrice", milliseconds,
         json_build_object('title', title, 'artist', json_build_object('name', r.name)) as album,
         json_build_object('totalCount', (select count(*) from invoice_line l where l.track_id = t.track_id)) as "invoiceLines"
       from playlist p join playlist_track using (playlist_id) join track t using (track_id) join album using (album_id)
         join artist r using (artist_id) where p.name = 'Grunge' order by t.name collate "C"`,
    )
    expect(data.playlists.nodes).toEqual([{ tracks: { nodes: rows } }])
  })
})

describe('Northwind', () => {
  const { original, folder, app } = useImported('northwind')

  test('comes out whole, but for what is listed', async () => {
    compiles(folder)
    const { said, there } = await columns(app(), original())
    expect(said).toEqual(there)
    expect(listed(folder)).toMatchInlineSnapshot(`
      {
        "BYTES_UNBOUNDED": [
          "public.categories.picture",
          "public.employees.photo",
        ],
        "LINK_UNINDEXED": [
          "public.customer_customer_demo.customer_type_id",
          "public.employee_territories.territory_id",
          "public.employees.reports_to",
          "public.order_details.product_id",
          "public.orders.customer_id",
          "public.orders.employee_id",
          "public.orders.ship_via",
          "public.products.category_id",
          "public.products.supplier_id",
          "public.territories.region_id",
        ],
      }
    `)
  })

  test('is served with every row', async () => {
    const { query, sql } = counts({
      categories: 'categories',
      customers: 'customers',
      customerCustomerDemos: 'customer_customer_demo',
      customerDemographics: 'customer_demographics',
      employees: 'employees',
      employeeTerritories: 'employee_territories',
      orders: 'orders',
      orderDetails: 'order_details',
      products: 'products',
      regions: 'region',
      shippers: 'shippers',
      suppliers: 'suppliers',
      territories: 'territories',
      usStates: 'us_states',
    })
    const { data, errors } = await app().ask(admin, query)
    expect(errors, JSON.stringify(app().log)).toEqual([])
    expect([data]).toEqual(await original().rows(sql))
  })
})
