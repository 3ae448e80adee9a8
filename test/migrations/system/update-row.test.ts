import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../../support/database.ts'
import { acme, addItem, allItems, call, globex, makeItemTable, seller } from './item-table.ts'

const db = useDatabase({ roles: ['sales', 'guest'] })
beforeAll(() => makeItemTable(db()))

async function update(id: string | null, changes: unknown, actor = seller('red')): Promise<string | null> {
  return db().asActor(actor, (client) => call(client, 'update_row', 'app.item', id, JSON.stringify(changes)))
}

async function rowOf(id: string): Promise<Record<string, unknown>> {
  return (await allItems(db())).find((row) => row.id === id)!
}

describe('a hand-over (E5)', () => {
  test('Postgres refuses it as a plain update', async () => {
    const id = await addItem(db(), {})
    const plain = db().asActor(seller('red'), (client) =>
      client.query("update app.item set team = 'blue' where id = $1", [id]),
    )
    await expect(plain).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('row-level security') })
  })

  test('update_row does it', async () => {
    const id = await addItem(db(), {})
    expect(await update(id, { team: 'blue' })).toBe('updated')
    expect(await rowOf(id)).toMatchObject({ team: 'blue' })
    expect(await update(id, { team: 'red' })).toBe('missing')
  })

  test('update_row does it whatever plan finds the row', async () => {
    for (const off of ['enable_seqscan', 'enable_indexscan', 'enable_bitmapscan', 'enable_tidscan']) {
      const id = await addItem(db(), {})
      const answer = await db().asActor(seller('red'), async (client) => {
        await client.query("select set_config($1, 'off', true)", [off])
        return call(client, 'update_row', 'app.item', id, { team: 'blue' })
      })
      expect(answer).toBe('updated')
    }
  })
})

describe('every fence still stands', () => {
  test('the update policy on the old row', async () => {
    const id = await addItem(db(), { name: 'locked' })
    expect(await update(id, { quantity: 1 })).toBe('refused')
    expect(await rowOf(id)).toMatchObject({ quantity: null })
  })

  test('the check on the new row', async () => {
    const id = await addItem(db(), { price: '5' })
    await expect(update(id, { price: '1000' })).rejects.toMatchObject({ code: '42501' })
    expect(await rowOf(id)).toMatchObject({ price: '5' })
  })

  test('the tenant, for the old and for the new row', async () => {
    const foreign = await addItem(db(), { tenant_id: globex })
    const own = await addItem(db(), {})
    expect(await update(foreign, { name: 'mine' })).toBe('missing')
    await expect(update(own, { tenant_id: globex })).rejects.toMatchObject({ code: '42501' })
    expect(await rowOf(own)).toMatchObject({ tenant_id: acme })
  })

  test('column grants, also beside columns that are granted', async () => {
    const id = await addItem(db(), { big: '1' })
    await expect(update(id, { big: 2 })).rejects.toMatchObject({ code: '42501' })
    await expect(update(id, { name: 'n', big: 2 })).rejects.toMatchObject({ code: '42501' })
    for (const column of ['id', 'tenant_id', 'created_at', 'updated_at', 'deleted_at']) {
      await expect(update(id, { [column]: null })).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('a caller without any grant, in or out of sight alike', async () => {
    const id = await addItem(db(), {})
    const guest = { ...seller('red'), roles: ['guest'] }
    await expect(update(id, { name: 'x' }, guest)).rejects.toMatchObject({ code: '42501' })
    await expect(update(globex, { name: 'x' }, guest)).rejects.toMatchObject({ code: '42501' })
    await expect(update(id, { name: 'x' }, { roles: null })).rejects.toMatchObject({ code: '42501' })
  })

  test('triggers run', async () => {
    const id = await addItem(db(), { updated_at: '2020-01-01' })
    expect(await update(id, { name: 'touched' })).toBe('updated')
    expect((await rowOf(id)).updated_at).not.toEqual(new Date('2020-01-01'))
  })

  test('a trigger that drops the change answers refused', async () => {
    await db().asOwner((client) =>
      client.query(`
        create function app.stop() returns trigger language plpgsql as 'begin return null; end';
        create trigger a_stop before update on app.item for each row when (old.name = 'stopped') execute function app.stop();`),
    )
    expect(await update(await addItem(db(), { name: 'stopped' }), { quantity: 1 })).toBe('refused')
  })
})

describe('a row out of sight answers as one that does not exist', () => {
  test('other team, other tenant, removed, absent, null', async () => {
    const ids = [
      await addItem(db(), { team: 'blue' }),
      await addItem(db(), { tenant_id: globex }),
      await addItem(db(), { deleted_at: '2026-01-01' }),
      '00000000-0000-7000-8000-00000000dead',
      null,
    ]
    for (const id of ids) expect(await update(id, { name: 'x' })).toBe('missing')
  })

  test('values are not even read for it', async () => {
    const hidden = await addItem(db(), { team: 'blue' })
    const absent = '00000000-0000-7000-8000-00000000dead'
    for (const id of [hidden, absent]) expect(await update(id, { day: 'never' })).toBe('missing')
  })

  test('also when it slips out of sight while we wait for its lock', async () => {
    const id = await addItem(db(), {})
    const other = await db().connect(db().migratorUrl)
    try {
      await other.query('begin')
      await other.query(`set local role "${db().names.private}"`)
      await other.query("select set_config('rowhouse.tenant_id', $1, true)", [acme])
      await db().asOwner((client) => client.query(`grant select, update on app.item to "${db().names.private}"`))
      await other.query("update app.item set team = 'blue' where id = $1", [id])
      const waiting = update(id, { quantity: 7 })
      await untilBlocked()
      await other.query('commit')
      expect(await waiting).toBe('missing')
    } finally {
      await other.end()
    }
    expect(await rowOf(id)).toMatchObject({ quantity: null })
  })
})

async function untilBlocked(): Promise<void> {
  for (;;) {
    const { rows } = await db().migrator.query(
      'select 1 from pg_locks l join pg_database d on true where not l.granted and d.datname = current_database() and (l.database = d.oid or l.database is null)',
    )
    if (rows.length > 0) return
  }
}

test('no changes at all are a change that succeeds where the caller may update', async () => {
  expect(await update(await addItem(db(), {}), {})).toBe('updated')
  expect(await update(await addItem(db(), { name: 'locked' }), {})).toBe('refused')
  expect(await update(await addItem(db(), { team: 'blue' }), {})).toBe('missing')
})

test('a row that was changed once is changed again in the same transaction', async () => {
  const id = await addItem(db(), {})
  await db().asActor(seller('red'), async (client) => {
    for (const quantity of [1, 2, 3])
      expect(await call(client, 'update_row', 'app.item', id, { quantity })).toBe('updated')
  })
  expect(await rowOf(id)).toMatchObject({ quantity: 3 })
})
