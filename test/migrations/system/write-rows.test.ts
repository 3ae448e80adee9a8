import { beforeAll, describe, expect, test } from 'vitest'
import { type TestActor, useDatabase } from '../../support/database.ts'
import { acme, addItem, allItems, globex, makeItemTable, seller } from './item-table.ts'

const db = useDatabase({ roles: ['sales', 'guest'] })
beforeAll(() => makeItemTable(db()))

interface Answer {
  readonly keys?: readonly string[]
  readonly faults?: readonly Readonly<Record<string, unknown>>[]
}

async function write(
  verb: string,
  given: readonly object[],
  { told = {}, actor = seller('red') }: { readonly told?: object; readonly actor?: TestActor } = {},
): Promise<Answer> {
  return db().asActor(actor, async (client) => {
    const text = 'select rowhouse.write_rows($1, $2::text::regclass, $3::jsonb, $4::jsonb) as answer'
    const { rows } = await client.query(text, [verb, 'app.item', JSON.stringify(given), JSON.stringify(told)])
    return rows[0].answer
  })
}

const create = (rows: readonly object[], options?: Parameters<typeof write>[2]) =>
  write(
    'create',
    rows.map((columns) => ({ columns })),
    options,
  )

async function rowsOf(ids: readonly string[]): Promise<readonly (Record<string, unknown> | undefined)[]> {
  const all = await allItems(db())
  return ids.map((id) => all.find((row) => row.id === id))
}

async function count(): Promise<number> {
  return (await allItems(db())).length
}

/** How often each kind of statement changed the table: a statement of its own, or one for many. */
async function statements(run: () => Promise<unknown>): Promise<readonly string[]> {
  await db().asOwner((client) => client.query('truncate app.said'))
  await run()
  return db().asOwner(async (client) => (await client.query('select what from app.said')).rows.map(({ what }) => what))
}

beforeAll(() =>
  db().asOwner((client) =>
    client.query(`
      create table app.said (what text);
      create function app.say() returns trigger language plpgsql security definer as
        'begin insert into app.said values (lower(tg_op)); return null; end';
      create trigger said after insert or update or delete on app.item for each statement execute function app.say();
      alter table app.item add unique (tenant_id, big);`),
  ),
)

describe('create', () => {
  test('makes rows in order in one statement; each column that a row leaves out gets its default', async () => {
    let keys: readonly string[] = []
    const said = await statements(async () => {
      keys = (await create([{ name: 'a', price: 1 }, { team: 'blue' }, {}, { quantity: 3 }])).keys!
    })
    expect(said).toEqual(['insert'])
    expect(await rowsOf(keys)).toMatchObject([
      { name: 'a', price: '1', team: 'red', tenant_id: acme, quantity: null },
      // Not even readable for its maker.
      { name: 'nameless', price: null, team: 'blue' },
      { name: 'nameless', team: 'red' },
      { name: 'nameless', quantity: 3 },
    ])
    expect([...keys].sort()).toEqual(keys)
  })

  test('null is no default', async () => {
    const { faults } = await create([{ name: 'a' }, {}, { name: null }])
    expect(faults).toMatchObject([{ index: 2, code: '23502', column: 'name', table: 'item' }])
  })

  test('rows without any value', async () => {
    const { keys } = await create([{}, {}])
    expect(await rowsOf(keys!)).toMatchObject([{ name: 'nameless' }, { name: 'nameless' }])
  })

  test('tells of every row that is refused, and makes none', async () => {
    const before = await count()
    const { faults, keys } = await create([
      { name: 'good' },
      { price: 1000 },
      { name: null },
      { day: 'never' },
      { secret: 's', name: 'good too' },
    ])
    expect(keys).toBeUndefined()
    expect(faults).toMatchObject([
      { index: 1, code: '42501' },
      { index: 2, code: '23502' },
      { index: 3, code: '22007' },
    ])
    expect(await count()).toBe(before)
  })

  test('a column that is not granted is refused in the row that names it alone', async () => {
    for (const column of ['id', 'tenant_id', 'created_at', 'big']) {
      const { faults } = await create([{ name: 'a' }, { [column]: null }, { name: 'b' }])
      expect(faults).toMatchObject([{ index: 1, code: '42501' }])
      expect(faults).toHaveLength(1)
    }
    const guest = { ...seller('red'), roles: ['guest'] }
    expect((await create([{}, { name: 'b' }], { actor: guest })).faults).toMatchObject([{ index: 0 }, { index: 1 }])
  })

  test('is not misled by rows that triggers make, or drop, on the way', async () => {
    await db().asOwner((client) =>
      client.query(`
        create function app.stop() returns trigger language plpgsql as 'begin return null; end';
        create trigger a_stop before insert on app.item for each row when (new.name = 'stopped') execute function app.stop();`),
    )
    const { keys } = await create([{ name: 'first' }, { name: 'stopped' }, { name: 'last' }])
    expect(await rowsOf([keys![0]!, keys![2]!])).toMatchObject([{ name: 'first' }, { name: 'last' }])
    expect(keys![1]).toBeNull()
  })

  test('no name becomes SQL', async () => {
    const before = await count()
    const hostile = 'name) values (1); drop table app.item; --'
    await expect(create([{ [hostile]: 1 }, { name: 'x' }])).rejects.toMatchObject({ code: '42703' })
    expect(await count()).toBe(before)
  })
})

describe('update', () => {
  const change = (key: string, columns: object) => ({ key: { id: key }, columns })

  test('one statement for each set of columns, each row with its own values', async () => {
    const ids = [await addItem(db(), {}), await addItem(db(), {}), await addItem(db(), {})]
    const said = await statements(() =>
      write('update', [change(ids[0]!, { name: 'a' }), change(ids[1]!, { name: 'b' }), change(ids[2]!, { price: 3 })]),
    )
    expect(said).toEqual(['update', 'update'])
    expect(await rowsOf(ids)).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'x', price: '3' }])
  })

  test('may leave rows that the caller cannot read any more, as the single one', async () => {
    const ids = [await addItem(db(), {}), await addItem(db(), {})]
    expect(
      await write(
        'update',
        ids.map((id) => change(id, { team: 'blue' })),
      ),
    ).toEqual({ keys: [null, null] })
    expect(await rowsOf(ids)).toMatchObject([{ team: 'blue' }, { team: 'blue' }])
  })

  test('hidden rows, those of others and absent ones are missing alike; locked ones are refused; nothing is changed', async () => {
    const [good, hidden, foreign, locked, wide] = [
      await addItem(db(), {}),
      await addItem(db(), { team: 'blue' }),
      await addItem(db(), { tenant_id: globex }),
      await addItem(db(), { name: 'locked' }),
      await addItem(db(), {}),
    ]
    const absent = '00000000-0000-7000-8000-00000000dead'
    const ids = [good, hidden, foreign, absent, locked]
    const changes = [...ids.map((id) => change(id, { quantity: 9 })), change(wide, { price: 5000 })]
    const { faults } = await write('update', changes)
    const missing = { code: 'RH000', detail: 'missing', table: null, constraint: null }
    expect(faults).toMatchObject([
      { index: 1, ...missing },
      { index: 2, ...missing },
      { index: 3, ...missing },
      // The row policy of updates hides it from the cursor of the change, as from the single one.
      { index: 4, code: 'RH000', detail: 'refused' },
      { index: 5, code: '42501' },
    ])
    const { index: _1, ...one } = faults![0]!
    const { index: _2, ...other } = faults![2]!
    expect(one).toEqual(other)
    expect((await rowsOf([good, hidden, wide])).map((row) => row?.quantity)).toEqual([null, null, null])
  })
})

describe('delete', () => {
  const gone = (id: string) => ({ key: { id } })

  test('one statement', async () => {
    const ids = [await addItem(db(), { quantity: 0 }), await addItem(db(), { quantity: 0 })]
    expect(await statements(() => write('delete', ids.map(gone)))).toEqual(['delete'])
    expect(await rowsOf(ids)).toEqual([undefined, undefined])
  })

  test('one that may not be, and none is', async () => {
    const [good, kept, hidden] = [
      await addItem(db(), { quantity: 0 }),
      await addItem(db(), { quantity: 2 }),
      await addItem(db(), { quantity: 0, team: 'blue' }),
    ]
    const { faults } = await write('delete', [gone(good), gone(kept), gone(hidden)])
    expect(faults).toMatchObject([
      { index: 1, detail: 'refused' },
      { index: 2, detail: 'missing' },
    ])
    expect((await rowsOf([good])).at(0)).toBeDefined()
  })
})
