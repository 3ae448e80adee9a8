import { expect, test } from 'vitest'
import { expectCatalogHeld } from '../../support/catalog-read-back.ts'
import { acme, sam, useDepot } from './depot.ts'

const depot = useDepot()

/** Tries a value past the server, as a keeper; the name of the check that refuses it, or null. */
async function checkOf(column: string, value: string): Promise<string | null> {
  const { database } = depot().server
  const keeper = { roles: ['keeper'], tenant: acme, actor: sam }
  const insert = `insert into app.item (name, ${column}) values ('x', ${value})`
  const refused = await database.asActor(keeper, (client) => client.query(insert)).catch((error: unknown) => error)
  return refused instanceof Error ? ((refused as { constraint?: string }).constraint ?? refused.message) : null
}

const place = (more: string) => `'{"street":"x"${more}}'`
const details = (more: string) => `'{"limit":"1"${more}}'`

test.each([
  ['tags', `array['a', 'b']`],
  ['tags', `'{}'`],
  ['days', `array['2024-02-29']::date[]`],
  ['origin', place(',"zip":null')],
  ['origin', place(',"floors":[]')],
  ['details', details(',"at":"2024-02-29T23:59:59.123456Z","from":"09:30","ratio":1e308,"big":"-9223372036854775808"')],
  ['details', details(',"seal":"AAAAAA==","notes":{"a":[1,{"b":null}]}')],
  ['extra', `'{"a":9007199254740991}'`],
  ['thumb', `'\\x0001020304050607'`],
])('%s takes %s', async (column, value) => {
  expect(await checkOf(column, value)).toBeNull()
})

test.each([
  ['tags', `array['a', null]`],
  ['tags', `array[array['a'], array['b']]`],
  ['tags', `array['a', 'b', 'c', 'd']`],
  ['tags', `array['A']`],
  ['tags', `array[e'a\\nb']`],
  ['colours', `array['green']`],
  ['prices', `array['NaN']::numeric[]`],
  ['prices', `'{}'`],
  ['days', `array['infinity']::date[]`],
  ['instants', `array['-infinity']::timestamptz[]`],
  ['measures', `array['NaN']::float8[]`],
  ['measures', `array['Infinity']::float8[]`],
  ['measures', `array[-1]::float8[]`],
  ['prints', `array['\\x000000']::bytea[]`],
  ['thumb', `'\\x000102030405060708'`],
  ['origin', `'null'`],
  ['origin', `'[]'`],
  ['origin', `'"x"'`],
  ['origin', `'{}'`],
  ['origin', `'{"street":null}'`],
  ['origin', `'{"street":1}'`],
  ['origin', place(',"unknown":1')],
  ['origin', place(',"zip":"123456"')],
  ['origin', place(',"floors":[1,"2"]')],
  ['origin', place(',"floors":[1.5]')],
  ['origin', place(',"floors":[null]')],
  ['origin', place(',"floors":[1,2,3,4]')],
  ['steps', `'{}'`],
  ['steps', `'[null]'`],
  ['steps', `'[{"on":"2023-02-29","cost":"1"}]'`],
  ['steps', `'[{"on":"0000-01-01","cost":"1"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":1}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"1.234"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"12345"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"NaN"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"-0"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"1e2"}]'`],
  ['steps', `'[{"on":"2023-01-01","cost":"1","colour":"green"}]'`],
  ['details', details(',"at":"2026-01-01T00:00:00+01:00"')],
  ['details', details(',"at":"2026-02-30T00:00:00Z"')],
  ['details', details(',"from":"24:00"')],
  ['details', details(',"big":"9223372036854775808"')],
  ['details', details(',"big":1')],
  ['details', details(',"ratio":1e309')],
  ['details', details(',"count":2147483648')],
  ['details', details(',"other":"X"')],
  ['details', details(',"seal":"AAAAAAA="')],
  ['details', details(',"seal":"AAE"')],
  ['details', details(',"seal":"AAF="')],
  ['details', details(',"inner":{"places":[{"street":"x","y":1}]}')],
  ['details', `'{"limit":"1000.01"}'`],
  ['extra', `'[1]'`],
  ['extra', `'{"a":9007199254740992}'`],
  ['extra', `'{"a":1e400}'`],
  ['extra', `'{"a":1,"b":1,"c":1,"d":1}'`],
  ['extra', `(repeat('{"a":', 33) || '1' || repeat('}', 33))::jsonb`],
  ['stock', `'{"hall":-1}'`],
  ['stock', `'{"hall":null}'`],
])('%s refuses %s', async (column, value) => {
  expect(await checkOf(column, value)).toBe(`item_${column}_check`)
})

test('the catalog read back equals the one generated, and a loosened check is found', async () => {
  const { database, catalog } = depot().server
  const client = database.migrator
  const { differences } = await expectCatalogHeld(database, catalog)
  const loosen = (check: string) =>
    `alter table app.item drop constraint item_origin_check, add constraint item_origin_check check (${check})`
  const owned = async (text: string) => {
    await client.query(`set role "${database.names.owner}"`)
    await client.query(text)
    await client.query('reset role')
  }
  await owned(loosen(`rowhouse.json_fits(origin, '{"kind":"dict"}')`))
  const found = await differences()
  expect(found.join('\n')).toContain('item_origin_check')
  const original = catalog.tables
    .flatMap((table) => table.constraints)
    .find(({ name }) => name === 'item_origin_check')!
  await owned(loosen(original.definition.replace(/^check \((.*)\)$/s, '$1')))
})
