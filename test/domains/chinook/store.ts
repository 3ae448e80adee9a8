import type { SeedData, SeedRow } from '#server'
import { stableId } from '#server'
import type { Subject } from '../../support/served-app.ts'
import type { Original } from '../support/original.ts'

/** Two stores that sell the same music: what one sees must not count what the other has. */
export type Store = 'north' | 'south'

/** Id of the row that a number of the dump became. */
export function idOf(store: Store, entity: string, number: number | string): string {
  return stableId('chinook', store, entity, String(number))
}

/** Id of the tenant. */
export function tenantOf(store: Store): string {
  return stableId('chinook', store)
}

/** Whoever has this address in the dump. One account serves both stores. */
export function accountOf(email: string): string {
  return stableId('chinook', 'account', email)
}

/** A caller of the north, unless said otherwise. */
export function caller(email: string, roles: readonly string[], store: Store = 'north'): Subject {
  return { sub: accountOf(email), tenant: tenantOf(store), roles: [...roles] }
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any table
type Row = Readonly<Record<string, any>>

/** Every row of the dump, in both stores. */
export async function storeRows(original: Original): Promise<SeedData> {
  const tables = await read(original)
  const people = [...tables.employee, ...tables.customer]
  return {
    shared: {
      User: people.map(({ email, first_name, last_name }) => ({
        id: accountOf(email),
        name: `${first_name} ${last_name}`,
        email,
      })),
    },
    tenants: (['north', 'south'] as const).map((store) => ({
      id: tenantOf(store),
      slug: store,
      name: `Chinook ${store}`,
      rows: { ...catalogue(store, tables), ...trade(store, tables) },
    })),
  }
}

type Tables = Readonly<Record<TableName, readonly Row[]>>
type TableName = (typeof tableNames)[number]

const tableNames = [
  ...(['artist', 'album', 'genre', 'media_type', 'track', 'playlist', 'playlist_track'] as const),
  ...(['employee', 'customer', 'invoice', 'invoice_line'] as const),
]

async function read(original: Original): Promise<Tables> {
  const read = tableNames.map(async (table) => [table, await original.rows(`select * from ${table} order by 1`)])
  return Object.fromEntries(await Promise.all(read))
}

function catalogue(store: Store, tables: Tables): Readonly<Record<string, readonly SeedRow[]>> {
  const id = (entity: string, number: number | null) => (number === null ? null : idOf(store, entity, number))
  const named = (entity: string, table: TableName) =>
    tables[table].map((row) => ({ id: id(entity, row[`${table}_id`]), name: row.name! }))
  const onList = Map.groupBy(tables.playlist_track, (row) => row.playlist_id as number)
  return {
    Artist: named('Artist', 'artist'),
    Genre: named('Genre', 'genre'),
    MediaType: named('MediaType', 'media_type'),
    Album: tables.album.map(({ album_id, title, artist_id }) => ({
      id: id('Album', album_id),
      title: title,
      artist: id('Artist', artist_id),
    })),
    Track: tables.track.map((row) => ({
      id: id('Track', row.track_id),
      name: row.name,
      composer: row.composer,
      milliseconds: row.milliseconds,
      bytes: row.bytes === null ? null : String(row.bytes),
      unitPrice: row.unit_price,
      album: id('Album', row.album_id),
      genre: id('Genre', row.genre_id),
      mediaType: id('MediaType', row.media_type_id),
    })),
    Playlist: named('Playlist', 'playlist').map((row, at) => ({
      ...row,
      tracks: (onList.get(tables.playlist[at]!.playlist_id) ?? []).map(({ track_id }) => id('Track', track_id)),
    })),
  }
}

function trade(store: Store, tables: Tables): Readonly<Record<string, readonly SeedRow[]>> {
  const id = (entity: string, number: number | null) => (number === null ? null : idOf(store, entity, number))
  return {
    Employee: tables.employee.map((row) => ({
      id: id('Employee', row.employee_id),
      ...person(row),
      title: row.title,
      bornOn: day(row.birth_date),
      hiredOn: day(row.hire_date),
      reportsTo: id('Employee', row.reports_to),
    })),
    Customer: tables.customer.map((row) => ({
      id: id('Customer', row.customer_id),
      ...person(row),
      company: row.company,
      supportRep: id('Employee', row.support_rep_id),
    })),
    Invoice: tables.invoice.map((row) => ({
      id: id('Invoice', row.invoice_id),
      number: String(row.invoice_id).padStart(4, '0'),
      issuedOn: day(row.invoice_date),
      billing: address(row, 'billing_'),
      customer: id('Customer', row.customer_id),
    })),
    InvoiceLine: tables.invoice_line.map((row) => ({
      id: id('InvoiceLine', row.invoice_line_id),
      invoice: id('Invoice', row.invoice_id),
      track: id('Track', row.track_id),
      unitPrice: row.unit_price,
      quantity: row.quantity,
    })),
  }
}

function person(row: Row): SeedRow {
  const { first_name, last_name, phone, fax, email } = row
  const account = accountOf(email)
  return {
    firstName: first_name,
    lastName: last_name,
    phone: phone,
    fax: fax,
    email: email,
    account,
    home: address(row, ''),
  }
}

function address(row: Row, prefix: string): SeedRow {
  return {
    street: row[`${prefix}address`],
    city: row[`${prefix}city`],
    state: row[`${prefix}state`],
    country: row[`${prefix}country`],
    postalCode: row[`${prefix}postal_code`],
  }
}

/** The dump has days as instants at midnight. */
function day(instant: string): string {
  return instant.slice(0, 10)
}
