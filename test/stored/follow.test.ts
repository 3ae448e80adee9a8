import { beforeEach, describe, expect, test } from 'vitest'
import { useLedgers } from './ledgers.ts'

const ledgers = useLedgers()
const run = (text: string, values?: readonly unknown[]) => ledgers().run(text, values)
const id = (n: number) => `00000000-0000-7000-a000-${String(n).padStart(12, '0')}`
const [ann, ben, nut, cog, first, second] = [1, 2, 11, 12, 21, 22].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
]

beforeEach(async () => {
  await ledgers().database.asOwner((client) =>
    client.query('delete from app.customer; delete from app.product; delete from app.tag'),
  )
  await ledgers().load(`insert into app.customer (id, name) values ('${ann}', 'Ann'), ('${ben}', 'Ben')`)
  await ledgers().load(
    `insert into app.product (id, name, price, grams) values ('${nut}', 'nut', 2.50, 3), ('${cog}', 'cog', 40, 900)`,
  )
  await ledgers().load(
    `insert into app."order" (id, number, customer_id) values ('${first}', 'A', '${ann}'), ('${second}', 'B', '${ann}')`,
  )
  await ledgers().load(
    `insert into app.entry (order_id, product_id, quantity) values ('${first}', '${nut}', 4), ('${first}', '${cog}', 3), ('${second}', '${nut}', 1)`,
  )
})

const orders = () =>
  run('select number, subtotal, total, line_count, heavy, products, label from app."order" order by number')
const customers = () => run('select name, ordered, largest, pieces, is_good, caption from app.customer order by name')

describe('values follow', () => {
  test('new rows, over two relations', async () => {
    expect(await orders()).toEqual([
      { number: 'A', subtotal: '130.00', total: '130.00', line_count: 2, heavy: 1, products: 'cog, nut', label: 'A ' },
      { number: 'B', subtotal: '2.50', total: '2.50', line_count: 1, heavy: 0, products: 'nut', label: 'B ' },
    ])
    expect(await customers()).toEqual([
      { name: 'Ann', ordered: '132.50', largest: '120.00', pieces: '8', is_good: true, caption: 'Ann 2' },
      { name: 'Ben', ordered: '0.00', largest: null, pieces: '0', is_good: false, caption: 'Ben 0' },
    ])
    expect(await ledgers().drift()).toEqual([])
  })

  test('changes of values, of the row itself, of rows that it leads to and of those that it holds', async () => {
    await run(`update app.product set price = 3 where id = '${nut}'`)
    await run(`update app."order" set discount = 0.5, notes = 'soon' where id = '${first}'`)
    await run(`update app.customer set bonus = 0.25 where id = '${ann}'`)
    await run(`update app.entry set quantity = 2 where product_id = '${cog}'`)
    expect(await orders()).toMatchObject([
      { subtotal: '92.00', total: '23.00', heavy: 0, label: 'A soon' },
      { subtotal: '3.00', total: '2.25' },
    ])
    expect(await customers()).toMatchObject([{ ordered: '25.25', largest: '80.00', pieces: '7' }, {}])
    expect(await ledgers().drift()).toEqual([])
  })

  test('rows that move, go for good, are removed and come back', async () => {
    await run(`update app."order" set customer_id = '${ben}' where id = '${first}'`)
    expect(await customers()).toMatchObject([{ ordered: '2.50' }, { ordered: '130.00' }])
    await run(`update app.entry set order_id = '${second}' where product_id = '${cog}'`)
    expect(await customers()).toMatchObject([{ ordered: '122.50' }, { ordered: '10.00' }])
    await run(`select rowhouse_private.remove_order(id) from app."order" where number = 'B'`)
    expect(await customers()).toMatchObject([{ ordered: '0.00', caption: 'Ann 0' }, { ordered: '10.00' }])
    await run(`select rowhouse_private.restore_order('${second}')`)
    expect(await customers()).toMatchObject([{ ordered: '122.50', caption: 'Ann 1' }, { ordered: '10.00' }])
    await run(`delete from app.product where id = '${nut}'`)
    expect(await customers()).toMatchObject([{ ordered: '120.00' }, { ordered: '0.00' }])
    expect(await ledgers().drift()).toEqual([])
  })

  test('links', async () => {
    await ledgers().load(`insert into app.tag (id, name, weight) values ('${id(31)}', 'x', 5), ('${id(32)}', 'y', 7)`)
    const weight = async () => (await run(`select tag_weight from app."order" where number = 'A'`))[0]!.tag_weight
    await ledgers().database.asOwner((client) =>
      client.query(
        `insert into app.order__tag__link (tenant_id, order_id, tag_id) select o.tenant_id, o.id, t.id from app."order" o, app.tag t where o.number = 'A'`,
      ),
    )
    expect(await weight()).toBe('12')
    await run(`update app.tag set weight = 1 where name = 'x'`)
    expect(await weight()).toBe('8')
    await ledgers().database.asOwner((client) => client.query('delete from app.order__tag__link'))
    expect(await weight()).toBe('0')
  })

  test('loads by the owner, of several tenants at once', async () => {
    await ledgers().database.asOwner((client) =>
      client.query(
        `insert into app.customer (tenant_id, id, name) select id, '${id(3)}', 'Twin' from rowhouse.tenant;
         insert into app."order" (tenant_id, id, number, customer_id) select id, '${id(23)}', 'T', '${id(3)}' from rowhouse.tenant;
         insert into app.product (tenant_id, id, name, price) select id, '${id(13)}', 'p', case slug when 'acme' then 1 else 10 end from rowhouse.tenant;
         insert into app.entry (tenant_id, order_id, product_id, quantity) select t.id, '${id(23)}', '${id(13)}', 2 from rowhouse.tenant t`,
      ),
    )
    const rows = await ledgers().database.asOwner((client) =>
      client.query<{ readonly ordered: string }>(
        `select ordered from app.customer where name = 'Twin' order by ordered`,
      ),
    )
    expect(rows.rows.map(({ ordered }) => ordered)).toEqual(['2.00', '20.00'])
  })
})

describe('a change of stored values alone is no change', () => {
  test('moments stay; a change of the row itself is one', async () => {
    const [before] = await run(`select updated_at from app."order" where id = '${first}'`)
    await run(`update app.entry set quantity = 50 where order_id = '${first}'`)
    const [after] = await run(`select updated_at from app."order" where id = '${first}'`)
    expect(after).toEqual(before)
    await run(`update app."order" set discount = 0.1 where id = '${first}'`)
    const [changed] = await run(`select updated_at > $1 as later from app."order" where id = '${first}'`, [
      before!.updated_at,
    ])
    expect(changed).toEqual({ later: true })
  })

  test('nobody writes them', async () => {
    await expect(run(`update app."order" set total = 1`)).rejects.toMatchObject({ code: '42501' })
    await expect(run(`insert into app.customer (name, ordered) values ('x', 1)`)).rejects.toMatchObject({
      code: '42501',
    })
  })
})
