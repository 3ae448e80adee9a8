import { beforeAll, describe, expect, test } from 'vitest'
import { type TestActor, useDatabase } from '../../support/database.ts'
import { acme, addItem, allItems, call, globex, makeItemTable, seller } from './item-table.ts'

const db = useDatabase({ roles: ['sales', 'guest'] })
beforeAll(() => makeItemTable(db()))

async function create(given: unknown, actor: TestActor = seller('red')): Promise<string> {
  return (await db().asActor(actor, (client) => call(client, 'create_row', 'app.item', JSON.stringify(given))))!
}

async function remove(id: string | null, actor: TestActor = seller('red')): Promise<string | null> {
  return db().asActor(actor, (client) => call(client, 'delete_row', 'app.item', id))
}

async function rowOf(id: string): Promise<Record<string, unknown> | undefined> {
  return (await allItems(db())).find((row) => row.id === id)
}

describe('create_row', () => {
  test('answers the id also of a row that the caller cannot read', async () => {
    const id = await create({ name: 'n', team: 'blue' })
    expect(await rowOf(id)).toMatchObject({ name: 'n', team: 'blue', tenant_id: acme })
    const returning = db().asActor(seller('red'), (client) =>
      client.query("insert into app.item (team) values ('blue') returning id"),
    )
    await expect(returning).rejects.toMatchObject({ code: '42501' })
  })

  test('leaves defaults to the columns that are not given, and only to those', async () => {
    expect(await rowOf(await create({}))).toMatchObject({ name: 'nameless', team: 'red', tenant_id: acme })
    await expect(create({ name: null })).rejects.toMatchObject({ code: '23502' })
  })

  test('keeps every fence', async () => {
    await expect(create({ price: 1000 })).rejects.toMatchObject({ code: '42501' })
    for (const column of ['id', 'tenant_id', 'created_at', 'deleted_at', 'big']) {
      await expect(create({ [column]: null })).rejects.toMatchObject({ code: '42501' })
    }
    await expect(create({}, { ...seller('red'), roles: ['guest'] })).rejects.toMatchObject({ code: '42501' })
    await expect(create({}, { roles: null })).rejects.toMatchObject({ code: '42501' })
  })

  test('is not misled by rows that triggers make on the way', async () => {
    await db().asOwner((client) =>
      client.query(`
        create table app.log (id uuid not null default rowhouse.uuid_v7(), item text);
        create trigger rowhouse_4_created before insert on app.log for each row execute function rowhouse.note_created();
        grant insert on app.log to "${db().names.prefix}_sales";
        create function app.log_item() returns trigger language plpgsql as
          'begin insert into app.log (item) values (new.name); return new; end';
        grant execute on function app.log_item() to "${db().names.prefix}_sales";
        create trigger a_log before insert on app.item for each row when (new.name = 'logged') execute function app.log_item();
        create trigger z_log after insert on app.item for each row when (new.name = 'logged') execute function app.log_item();`),
    )
    const id = await create({ name: 'logged' })
    expect(await rowOf(id)).toMatchObject({ name: 'logged' })
  })

  test('says nothing of an earlier row when a trigger drops the new one', async () => {
    await db().asOwner((client) =>
      client.query(`
        create function app.stop() returns trigger language plpgsql as 'begin return null; end';
        create trigger a_stop before insert on app.item for each row when (new.name = 'stopped') execute function app.stop();`),
    )
    const answers = await db().asActor(seller('red'), async (client) => [
      await call(client, 'create_row', 'app.item', { name: 'first' }),
      await call(client, 'create_row', 'app.item', { name: 'stopped' }),
    ])
    expect(answers).toEqual([expect.any(String), null])
  })

  test('ids come in order', async () => {
    const ids = [await create({}), await create({}), await create({})]
    expect([...ids].sort()).toEqual(ids)
  })
})

describe('delete_row', () => {
  test('deletes what a rule allows', async () => {
    const id = await addItem(db(), { quantity: 0 })
    expect(await remove(id)).toBe('deleted')
    expect(await rowOf(id)).toBeUndefined()
    expect(await remove(id)).toBe('missing')
  })

  test('refuses what the caller can read but not delete', async () => {
    const id = await addItem(db(), { quantity: 1 })
    expect(await remove(id)).toBe('refused')
    expect(await rowOf(id)).toBeDefined()
  })

  test('answers alike for hidden, foreign, removed and absent rows', async () => {
    const ids = [
      await addItem(db(), { quantity: 0, team: 'blue' }),
      await addItem(db(), { quantity: 0, tenant_id: globex }),
      await addItem(db(), { quantity: 0, deleted_at: '2026-01-01' }),
    ]
    for (const id of [...ids, '00000000-0000-7000-8000-00000000dead', null]) expect(await remove(id)).toBe('missing')
    for (const id of ids) expect(await rowOf(id)).toBeDefined()
  })

  test('needs the grant', async () => {
    const id = await addItem(db(), { quantity: 0 })
    await expect(remove(id, { ...seller('red'), roles: ['guest'] })).rejects.toMatchObject({ code: '42501' })
    await expect(remove(id, { roles: null })).rejects.toMatchObject({ code: '42501' })
  })
})
