import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../../support/database.ts'
import { addItem, allItems, call, makeItemTable, seller } from './item-table.ts'

const db = useDatabase({ roles: ['sales'] })
beforeAll(() => makeItemTable(db()))

/** Sends JSON text through both functions; what the two rows hold then, as text. */
async function roundTrip(json: string, column: string): Promise<readonly unknown[]> {
  const existing = await addItem(db(), {})
  const created = await db().asActor(seller('red'), async (client) => {
    expect(await call(client, 'update_row', 'app.item', existing, json)).toBe('updated')
    return call(client, 'create_row', 'app.item', json)
  })
  return db().asOwner(async (client) => {
    const { rows } = await client.query(
      `select "${column.replaceAll('"', '""')}"::text as value from app.item where id = any ($1)`,
      [[existing, created]],
    )
    return rows.map(({ value }) => value)
  })
}

const digits = `${'9'.repeat(40)}.${'1'.repeat(40)}`

describe('values arrive as they were sent', () => {
  test.each([
    ['price', '"0.10"', '0.10'],
    ['price', `"-${digits}"`, `-${digits}`],
    ['price', `-${digits}`, `-${digits}`],
    ['price', '"-Infinity"', '-Infinity'],
    ['price', 'null', null],
    ['quantity', '2147483647', '2147483647'],
    ['day', '"2024-02-29"', '2024-02-29'],
    ['day', '"9999-12-31"', '9999-12-31'],
    ['at', '"2026-03-01T12:34:56.123456+05:30"', '2026-03-01 07:04:56.123456+00'],
    ['name', '""', ''],
    ['name', '" a\\tb\\n\\u2028 \\ud83d\\ude00 "', ' a\tb\n\u2028 😀 '],
    ['name', '12345678901234567890.10', '12345678901234567890.10'],
    ['name', '"null"', 'null'],
    ['tags', '["a", "", "b,c", "\\"q\\"", null, "{x}", "NULL"]', '{a,"","b,c","\\"q\\"",NULL,"{x}","NULL"}'],
    ['tags', '[]', '{}'],
    ['tags', 'null', null],
    ['numbers', `["1.10", ${digits}]`, `{1.10,${digits}}`],
    ['data', '{"a": [1.10, null, ""], "b": {"$row": ":OWNER"}}', '{"a": [1.10, null, ""], "b": {"$row": ":OWNER"}}'],
    ['data', '"text"', '"text"'],
    ['flag', 'false', 'false'],
    ['Odd "name"', '"odd"', 'odd'],
  ])('%s: %s', async (column, json, expected) => {
    await db().asOwner((client) => client.query('delete from app.item'))
    const values = await roundTrip(`{${JSON.stringify(column)}: ${json}}`, column)
    expect(values).toEqual([expected, expected])
  })
})

test('very long texts arrive whole', async () => {
  const long = 'ü'.repeat(300_000)
  const values = await roundTrip(JSON.stringify({ name: long }), 'name')
  expect(values.map((value) => value === long)).toEqual([true, true])
})

describe('values that the column cannot hold fail, and change nothing', () => {
  test.each([
    ['price', '"1,5"', '22P02'],
    ['quantity', '2147483648', '22003'],
    ['quantity', '1.5', '22P02'],
    ['day', '""', '22007'],
    ['day', '"2023-02-29"', '22008'],
    ['tags', '{"a": 1}', '22P02'],
    ['flag', '"maybe"', '22P02'],
    ['name', '"\\u0000"', '22P05'],
  ])('%s: %s', async (column, json, code) => {
    const before = await allItems(db())
    await expect(roundTrip(`{${JSON.stringify(column)}: ${json}}`, column)).rejects.toMatchObject({ code })
    expect((await allItems(db())).length).toBe(before.length + 1)
  })
})

describe('hostile keys are names of columns or an error', () => {
  const keys = [
    'name) values (1); drop table app.item; --',
    'name" = (select secret from app.item), "name',
    'name = secret, name',
    "name', (select 1), '",
    '',
    'NAME',
    ' name',
    'item.name',
    'ctid',
    'xmin',
    'tableoid',
    '*',
    '$1',
    '%s',
    'name\u0000',
    'Odd name',
    'a'.repeat(100_000),
    `name${'a'.repeat(60)}`,
  ]
  test.each(keys.map((key) => [key.slice(0, 50), key]))('%s', async (_title, key) => {
    const id = await addItem(db(), { name: 'before' })
    const json = JSON.stringify({ [key]: 'x' })
    const expected = { code: expect.stringMatching(/^(42703|22P05)$/) }
    const changing = db().asActor(seller('red'), (client) => call(client, 'update_row', 'app.item', id, json))
    await expect(changing).rejects.toMatchObject(expected)
    const creating = db().asActor(seller('red'), (client) => call(client, 'create_row', 'app.item', json))
    await expect(creating).rejects.toMatchObject(expected)
    expect((await allItems(db())).find((row) => row.id === id)).toMatchObject({ name: 'before' })
  })

  test.each(['[]', '"name"', 'null', '1', '[{"name": "x"}]'])('changes that are no object: %s', async (json) => {
    const id = await addItem(db(), {})
    const changing = db().asActor(seller('red'), (client) => call(client, 'update_row', 'app.item', id, json))
    await expect(changing).rejects.toMatchObject({ code: '22023' })
  })

  test.each([
    ['pg_catalog.pg_authid', '42501'],
    ['rowhouse.tenant', '42501'],
    ['rowhouse.system_migration', '42501'],
    ['app.item; drop table app.item', '42602'],
    ['item', '42P01'],
  ])('other tables: %s', async (table, code) => {
    for (const [name, ...args] of [
      ['create_row', { name: 'x' }],
      ['create_row', {}],
      ['delete_row', acmeId],
      ['update_row', acmeId, {}],
    ] as const) {
      const calling = db().asActor(seller('red'), (client) => call(client, name, table, ...args))
      await expect(calling).rejects.toMatchObject({ code: expect.stringMatching(`^(${code}|42703)$`) })
    }
  })
})

const acmeId = '00000000-0000-7000-8000-00000000000a'
