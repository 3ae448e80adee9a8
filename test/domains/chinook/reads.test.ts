import { expect, test } from 'vitest'
import { useAppServer } from '../../support/app-server.ts'
import type { Subject } from '../../support/served-app.ts'
import { useOriginal } from '../support/original.ts'
import { caller, idOf, storeRows } from './store.ts'

const original = useOriginal('chinook')
const store = useAppServer(import.meta.dirname, () => storeRows(original()))

const listener = caller('leonekohler@surfeu.de', [])
const leonie = caller('leonekohler@surfeu.de', ['customer'])
const jane = caller('jane@chinookcorp.com', ['support'])
const steve = caller('steve@chinookcorp.com', ['support'])
const nancy = caller('nancy@chinookcorp.com', ['manager'])

async function answer(who: Subject | null, query: string, variables: object = {}) {
  const { data, errors } = await store().ask(who, query, variables)
  expect(errors, JSON.stringify(store().log)).toEqual([])
  return data
}

async function codes(who: Subject | null, query: string): Promise<readonly string[]> {
  return (await store().ask(who, query)).errors.map(({ extensions }) => extensions.code)
}

test('1: tracks of an artist, longest first, with album, genre and amounts', async () => {
  const { tracks } = await answer(
    listener,
    `{ tracks(filter: { album: { artist: { name: { equalTo: "Led Zeppelin" } } } }, orderBy: [MILLISECONDS_DESC], first: 20) {
      totalCount
      nodes { name caption composer milliseconds bytes unitPrice album { title } genre { name } mediaType { name } }
    } }`,
  )
  const rows = await original().rows(
    `select t.name, t.name || ' by ' || r.name as caption, t.composer, t.milliseconds, t.bytes::text as bytes, t.unit_price::text as "unitPrice",
       json_build_object('title', a.title) as album, json_build_object('name', g.name) as genre, json_build_object('name', m.name) as "mediaType"
     from track t join album a using (album_id) join artist r using (artist_id) join genre g using (genre_id)
       join media_type m using (media_type_id)
     where r.name = 'Led Zeppelin' order by t.milliseconds desc limit 20`,
  )
  expect(tracks.nodes).toEqual(rows)
  expect(tracks.totalCount).toBe(114)
})

test('2: artists with many albums, with the last two albums of each, counted and added up', async () => {
  const { artists } = await answer(
    listener,
    `{ artists(filter: { albumCount: { greaterThan: 5 } }, orderBy: [ALBUM_COUNT_DESC, NAME_ASC]) {
      nodes { name albumCount albums(orderBy: [TITLE_DESC], first: 2) { totalCount nodes { title trackCount milliseconds price } } }
    } }`,
  )
  const rows = await original().rows(
    `select r.name, count(*)::int as "albumCount", json_build_object('totalCount', count(*), 'nodes', (
       select json_agg(x) from (
         select a.title, count(t)::int as "trackCount", coalesce(sum(t.milliseconds), 0)::int as milliseconds,
           coalesce(sum(t.unit_price), 0)::text as price
         from album a left join track t using (album_id) where a.artist_id = r.artist_id
         group by a.album_id order by a.title collate "C" desc limit 2
       ) x
     )) as albums
     from artist r join album a using (artist_id) group by r.artist_id having count(*) > 5 order by 2 desc, r.name collate "C"`,
  )
  expect(artists.nodes).toEqual(rows)
  expect(rows.length).toBeGreaterThan(5)
})

test('3: what tracks of each genre come to', async () => {
  const { genres } = await answer(
    listener,
    `{ genres { nodes { name tracks { aggregates {
      sum { milliseconds bytes unitPrice } min { milliseconds } max { bytes } distinctCount { albumId } average { unitPrice }
    } } } } }`,
  )
  const rows = await original().rows(
    `select g.name, json_build_object('aggregates', json_build_object(
       'sum', json_build_object('milliseconds', sum(milliseconds)::text, 'bytes', sum(bytes)::text, 'unitPrice', sum(unit_price)::text),
       'min', json_build_object('milliseconds', min(milliseconds)), 'max', json_build_object('bytes', max(bytes)::text),
       'distinctCount', json_build_object('albumId', count(distinct album_id)::text),
       'average', json_build_object('unitPrice', avg(unit_price)::text)
     )) as tracks
     from genre g join track t using (genre_id) group by g.genre_id order by g.name collate "C"`,
  )
  expect(genres.nodes).toEqual(rows)
  expect(rows).toHaveLength(25)
})

test('4: sales by country and year, only where they are worth it', async () => {
  const { invoices } = await answer(
    nancy,
    `{ invoices { groupedAggregates(groupBy: [BILLING_COUNTRY, YEAR], having: { sum: { total: { greaterThan: "20" } } }) {
      keys sum { total lineCount } max { issuedOn } distinctCount { customerId }
    } } }`,
  )
  const rows = await original().rows(
    `with line as (
       select i.*, l.lines from invoice i join (select invoice_id, count(*) as lines from invoice_line group by 1) l using (invoice_id)
     )
     select array[billing_country, extract(year from invoice_date)::text] as keys,
       json_build_object('total', sum(total)::text, 'lineCount', sum(lines)::text) as sum,
       json_build_object('issuedOn', max(invoice_date)::date::text) as max,
       json_build_object('customerId', count(distinct customer_id)::text) as "distinctCount"
     from line group by billing_country, extract(year from invoice_date) having sum(total) > 20`,
  )
  expect(byKeys(invoices.groupedAggregates)).toEqual(byKeys(rows))
  expect(rows.length).toBeGreaterThan(20)
})

function byKeys<T extends { readonly keys: readonly string[] }>(groups: readonly T[]): readonly T[] {
  return groups.toSorted((a, b) => (a.keys.join() < b.keys.join() ? -1 : 1))
}

test('5: who bought jazz and never bought metal', async () => {
  const bought = (genre: string) =>
    `invoices: { some: { tracks: { some: { genre: { name: { equalTo: "${genre}" } } } } } }`
  const { customers } = await answer(
    nancy,
    `{ customers(filter: { ${bought('Jazz')}, not: { ${bought('Metal')} } }, orderBy: [EMAIL_ASC]) {
      nodes { name email home { city state country } supportRep { name reportsTo { name } } }
    } }`,
  )
  const bySql = (genre: string) =>
    `exists (select from invoice i join invoice_line l using (invoice_id) join track t using (track_id) join genre g using (genre_id)
       where i.customer_id = c.customer_id and g.name = '${genre}')`
  const rows = await original().rows(
    `select c.first_name || ' ' || c.last_name as name, c.email,
       json_build_object('city', c.city, 'state', c.state, 'country', c.country) as home,
       json_build_object('name', e.first_name || ' ' || e.last_name, 'reportsTo',
         json_build_object('name', b.first_name || ' ' || b.last_name)) as "supportRep"
     from customer c join employee e on e.employee_id = c.support_rep_id join employee b on b.employee_id = e.reports_to
     where ${bySql('Jazz')} and not ${bySql('Metal')} order by c.email collate "C"`,
  )
  expect(customers.nodes).toEqual(rows)
  expect(rows.length).toBeGreaterThan(1)
})

test('6: page by page through the invoices of those whom an agent looks after', async () => {
  const paged = async (who: Subject): Promise<readonly object[]> => {
    const found: object[] = []
    let after: string | null = null
    for (let page = 0; page < 20; page++) {
      const { invoices } = await answer(
        who,
        `query ($after: Cursor) { invoices(first: 32, after: $after, orderBy: [CUSTOMER__LAST_NAME_ASC, TOTAL_DESC, NUMBER_ASC]) {
          pageInfo { hasNextPage endCursor } nodes { number total issuedOn customer { lastName } }
        } }`,
        { after },
      )
      found.push(...invoices.nodes)
      if (!invoices.pageInfo.hasNextPage) break
      after = invoices.pageInfo.endCursor
    }
    return found
  }
  const rowsOf = (email: string) =>
    original().rows(
      `select lpad(invoice_id::text, 4, '0') as number, total::text as total, invoice_date::date as "issuedOn",
         json_build_object('lastName', c.last_name) as customer
       from invoice join customer c using (customer_id) join employee e on e.employee_id = c.support_rep_id where e.email = $1
       order by c.last_name collate "C", invoice.total desc, 1`,
      [email],
    )
  expect(await paged(jane)).toEqual(await rowsOf('jane@chinookcorp.com'))
  expect(await paged(steve)).toEqual(await rowsOf('steve@chinookcorp.com'))
  expect(await paged(leonie)).toHaveLength(7)
  expect(await codes(listener, '{ invoices { totalCount } }')).toEqual(['FORBIDDEN'])
})

test('7: what a customer bought, line by line in order, and nothing of anybody else', async () => {
  const { customers, invoices } = await answer(
    leonie,
    `{ customers { nodes { email spent invoiceCount lastBoughtOn } }
      invoices(orderBy: [ISSUED_ON_ASC]) { nodes { number total lineCount billing { street city postalCode } lines { nodes {
        quantity unitPrice amount track { name album { artist { name } } }
      } } } } }`,
  )
  const rows = await original().rows(
    `select lpad(i.invoice_id::text, 4, '0') as number, i.total::text, count(*)::int as "lineCount",
       json_build_object('street', billing_address, 'city', billing_city, 'postalCode', billing_postal_code) as billing,
       json_build_object('nodes', json_agg(json_build_object('quantity', l.quantity, 'unitPrice', l.unit_price::text,
         'amount', (l.unit_price * l.quantity)::text,
         'track', json_build_object('name', t.name, 'album', json_build_object('artist', json_build_object('name', r.name))))
         order by l.invoice_line_id)) as lines
     from invoice i join customer c using (customer_id) join invoice_line l using (invoice_id) join track t using (track_id)
       join album using (album_id) join artist r using (artist_id)
     where c.email = 'leonekohler@surfeu.de' group by i.invoice_id order by invoice_date`,
  )
  expect(invoices.nodes).toEqual(rows)
  const [sums] = await original().rows(
    `select sum(total)::text as spent, count(*)::int as "invoiceCount", max(invoice_date)::date as "lastBoughtOn"
     from invoice where customer_id = 2`,
  )
  expect(customers.nodes).toEqual([{ email: 'leonekohler@surfeu.de', ...sums }])
  expect(await codes(leonie, '{ employees { totalCount } }')).toEqual(['FORBIDDEN'])
})

test('8: playlists with tracks of a composer, through the links', async () => {
  const { playlists } = await answer(
    listener,
    `{ playlists(filter: { tracks: { some: { composer: { includesInsensitive: "mozart" } } } }, orderBy: [NAME_ASC]) {
      nodes { id name tracks(first: 3, orderBy: [NAME_ASC]) { totalCount nodes { name } aggregates { sum { unitPrice } } } }
    } }`,
  )
  const rows = await original().rows(
    `select p.playlist_id as id, p.name, json_build_object('totalCount', count(*), 'nodes', (
         select json_agg(x) from (
           select t.name from playlist_track pt join track t using (track_id) where pt.playlist_id = p.playlist_id
           order by t.name collate "C" limit 3
         ) x
       ), 'aggregates', json_build_object('sum', json_build_object('unitPrice', sum(t.unit_price)::text))) as tracks
     from playlist p join playlist_track using (playlist_id) join track t using (track_id)
     group by p.playlist_id having bool_or(t.composer ilike '%mozart%')`,
  )
  const expected = rows.map((row) => ({ ...row, id: idOf('north', 'Playlist', row.id) }))
  expect(byId(playlists.nodes)).toEqual(byId(expected))
  expect(rows.length).toBeGreaterThan(2)
})

function byId<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

test('9: who reports to whom, two levels down, with how many customers each looks after', async () => {
  const { employees } = await answer(
    nancy,
    `{ employees(filter: { reportsToId: { isNull: true } }) { nodes { name title hiredOn reports(orderBy: [HIRED_ON_ASC]) { nodes {
      name hiredOn bornOn customerCount reports(orderBy: [NAME_ASC]) { nodes { name customerCount home { postalCode } reportsTo { email } } }
    } } } } }`,
  )
  const rows = await original().rows(
    `with e as (
       select *, first_name || ' ' || last_name as name, hire_date::date::text as "hiredOn", birth_date::date::text as "bornOn",
         (select count(*)::int from customer where support_rep_id = employee_id) as "customerCount"
       from employee
     )
     select a.name, a.title, a."hiredOn", json_build_object('nodes', (
       select json_agg(json_build_object('name', b.name, 'hiredOn', b."hiredOn", 'bornOn', b."bornOn", 'customerCount', b."customerCount",
         'reports', json_build_object('nodes', (
           select json_agg(json_build_object('name', c.name, 'customerCount', c."customerCount",
             'home', json_build_object('postalCode', c.postal_code), 'reportsTo', json_build_object('email', b.email))
             order by c.name collate "C")
           from e c where c.reports_to = b.employee_id
         ))) order by b.hire_date)
       from e b where b.reports_to = a.employee_id
     )) as reports
     from e a where a.reports_to is null`,
  )
  expect(employees.nodes).toEqual(rows)
})

test('10: the best customers by what they spent, and the tracks that sold more than once', async () => {
  const { customers, tracks } = await answer(
    nancy,
    `{ customers(first: 10, orderBy: [SPENT_DESC, EMAIL_ASC]) { nodes { name spent invoiceCount lastBoughtOn } }
      tracks(filter: { timesSold: { greaterThan: 1 }, genre: { name: { in: ["Rock", "Latin"] } } }, orderBy: [NAME_ASC, MILLISECONDS_ASC], first: 1000) {
        totalCount nodes { name timesSold }
      } }`,
  )
  expect(customers.nodes).toEqual(
    await original().rows(
      `select c.first_name || ' ' || c.last_name as name, sum(total)::text as spent, count(*)::int as "invoiceCount",
         max(invoice_date)::date as "lastBoughtOn"
       from customer c join invoice using (customer_id) group by c.customer_id order by sum(total) desc, email collate "C" limit 10`,
    ),
  )
  const sold = await original().rows(
    `select t.name, sum(quantity)::int as "timesSold" from track t join invoice_line using (track_id) join genre g using (genre_id)
     where g.name in ('Rock', 'Latin') group by t.track_id having sum(quantity) > 1 order by t.name collate "C", milliseconds`,
  )
  expect(tracks.nodes).toEqual(sold)
  expect(tracks.totalCount).toBe(sold.length)
})

test('the other store has as many rows, and other ones', async () => {
  const lists = [
    'artists',
    'albums',
    'tracks',
    'genres',
    'mediaTypes',
    'playlists',
    'employees',
    'customers',
    'invoices',
    'invoiceLines',
  ]
  const query = `{ ${lists.map((list) => `${list}(first: 1000) { totalCount nodes { id } }`).join(' ')} }`
  const north = await answer(nancy, query)
  const south = await answer(caller('nancy@chinookcorp.com', ['manager'], 'south'), query)
  const [counts] = await original().rows(
    `select ${lists.map((list) => `(select count(*)::int from ${tableOf(list)}) as "${list}"`).join(', ')}`,
  )
  for (const list of lists) {
    expect([list, north[list].totalCount, south[list].totalCount]).toEqual([list, counts[list], counts[list]])
    const ids = new Set(north[list].nodes.map((row: { readonly id: string }) => row.id))
    expect(south[list].nodes.filter((row: { readonly id: string }) => ids.has(row.id))).toEqual([])
  }
  expect(await codes(null, '{ tracks { totalCount } }')).toEqual(['FORBIDDEN'])
})

function tableOf(list: string): string {
  return list.replace(/s$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
