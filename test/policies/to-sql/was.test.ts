import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { id } from './related-model.ts'

const db = useDatabase()
const [tenant, ann] = [id(1), id(11)] as const
const was = (name: string) => ({ kind: 'was', name }) as const

const model = m.makeModel({
  entities: {
    User: { tenant: false },
    Offer: { fields: { price: m.optional(m.int()), title: m.text() } },
    Task: { states: ['open', 'closed'], fields: { title: m.text(), owner: m.optional(m.text()) } },
  },
  roles: { sales: [] },
  actor: { entity: 'User', values: [] },
  policies: {
    Offer: [
      m.allow('seen', 'sales', ['read']),
      m.allow('prices rise', 'sales', ['update'], { becoming: m.compare('price', 'atLeast', was('price')) }),
    ],
    Task: [
      m.allow('seen', 'sales', ['read']),
      m.allow('handed on', 'sales', ['update'], { becoming: m.compare('owner', 'isNot', was('owner')) }),
    ],
  },
})

describe('what a row was before', () => {
  beforeAll(async () => {
    await db().applyCatalog(buildCatalog(model))
    await db().asOwner((client) =>
      client.query(`
        insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'here', 'Here');
        insert into app."user" (id) values ('${ann}');
        insert into app.offer (tenant_id, id, price, title) values
          ('${tenant}', '${id(51)}', 5, 'x'), ('${tenant}', '${id(52)}', null, 'x');
        insert into app.task (tenant_id, id, title, owner) values ('${tenant}', '${id(61)}', 'x', 'a'), ('${tenant}', '${id(62)}', 'x', null);
      `),
    )
  }, 60_000)

  /** Rows changed, in a transaction that is undone. */
  const change = (text: string): Promise<number | null> =>
    db().asActor({ roles: ['sales'], tenant, actor: ann }, async (client) => {
      await client.query('savepoint before')
      const { rowCount } = await client.query(text)
      await client.query('rollback to savepoint before')
      return rowCount
    })

  test.each([
    [`update app.offer set price = 6 where id = '${id(51)}'`],
    [`update app.offer set price = 5 where id = '${id(51)}'`],
    [`update app.offer set title = 'y' where id = '${id(51)}'`],
    [`update app.task set owner = 'b' where id = '${id(61)}'`],
    [`update app.task set owner = null where id = '${id(61)}'`],
    // Of two missing values none is known to be the other.
    [`update app.task set title = 'y' where id = '${id(62)}'`],
  ])('%s is let through', async (text) => {
    expect(await change(text)).toBe(1)
  })

  const refused = [
    [`update app.offer set price = 4 where id = '${id(51)}'`],
    [`update app.offer set price = null where id = '${id(51)}'`],
    // A comparison with null is false, before and after.
    [`update app.offer set price = 9 where id = '${id(52)}'`],
    [`update app.task set title = 'y' where id = '${id(61)}'`],
  ] as const

  test.each(refused)('%s is refused', async (text) => {
    await expect(change(text)).rejects.toMatchObject({ code: '42501' })
  })

  test('by the guard, and by nothing else', async () => {
    const tables = ['offer', 'task']
    for (const table of tables) await db().migrator.query(`alter table app.${table} disable trigger rowhouse_2_guard`)
    for (const [text] of refused) expect(await change(text)).toBe(1)
    for (const table of tables) await db().migrator.query(`alter table app.${table} enable trigger rowhouse_2_guard`)
  })
})
