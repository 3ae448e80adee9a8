import { describe, expect, test } from 'vitest'
import { useWarehouse } from './warehouse.ts'

const house = useWarehouse()

/** An order with two lines, a remark on the first, and a label. */
async function makeOrder() {
  const company = await house().make('company', { name: 'Company' })
  const order = await house().make('order', { title: 'Order', company_id: company })
  const first = await house().make('order_line', { quantity: 1, order_id: order })
  const second = await house().make('order_line', { quantity: 2, order_id: order })
  const remark = await house().make('line_remark', { text: 'Remark', line_id: first })
  const label = await house().make('label', { text: 'Label', labelled_order: order })
  return { company, order, first, second, remark, label }
}

const verb = (name: string, table: string, id: string) =>
  house().one(`select rowhouse_private.${name}_${table}($1)`, [id])

/** Which of the rows are removed. */
async function removedOf(ids: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const rows = await house().see(
    ['order', 'order_line', 'line_remark', 'label']
      .map((table) => `select id, deleted_at from app."${table}" where id = any ($1)`)
      .join(' union all '),
    [Object.values(ids)],
  )
  const removed = rows.filter((row) => row.deleted_at !== null).map((row) => row.id)
  return Object.keys(ids)
    .filter((name) => removed.includes(ids[name]))
    .sort()
}

describe('parts', () => {
  test('are removed and restored with the whole, parts of parts too', async () => {
    const { company: _, ...ids } = await makeOrder()
    expect(await verb('remove', 'order', ids.order)).toBe('removed')
    expect(await removedOf(ids)).toEqual(['first', 'label', 'order', 'remark', 'second'])
    expect(await verb('restore', 'order', ids.order)).toBe('restored')
    expect(await removedOf(ids)).toEqual([])
  })

  test('that were removed by themselves before stay removed, and what hangs on them', async () => {
    const { company: _, ...ids } = await makeOrder()
    await verb('remove', 'order_line', ids.first)
    expect(await removedOf(ids)).toEqual(['first', 'remark'])
    await verb('remove', 'order', ids.order)
    await verb('restore', 'order', ids.order)
    expect(await removedOf(ids)).toEqual(['first', 'remark'])
    await verb('restore', 'order_line', ids.first)
    expect(await removedOf(ids)).toEqual([])
  })

  test('removed in one transaction with the whole are told apart all the same', async () => {
    const { company: _, ...ids } = await makeOrder()
    await house().run('select rowhouse_private.remove_order_line($1), rowhouse_private.remove_order($2)', [
      ids.first,
      ids.order,
    ])
    await verb('restore', 'order', ids.order)
    expect(await removedOf(ids)).toEqual(['first', 'remark'])
  })

  test('are not restored alone while the whole is removed, however deep', async () => {
    const { company: _, ...ids } = await makeOrder()
    await verb('remove', 'order', ids.order)
    await expect(verb('restore', 'order_line', ids.second)).rejects.toMatchObject({ code: '23001', table: 'order' })
    await expect(verb('restore', 'line_remark', ids.remark)).rejects.toMatchObject({
      code: '23001',
      table: 'order_line',
    })
    expect(await removedOf(ids)).toEqual(['first', 'label', 'order', 'remark', 'second'])
  })

  test('are not made in a removed whole', async () => {
    const { order } = await makeOrder()
    await verb('remove', 'order', order)
    await expect(house().make('order_line', { quantity: 1, order_id: order })).rejects.toMatchObject({ code: 'RH404' })
  })

  test('are deleted with the whole', async () => {
    const { company: _, ...ids } = await makeOrder()
    expect(
      await house().one(`select rowhouse.delete_row('app."order"', $1)`, [JSON.stringify({ id: ids.order })]),
    ).toBe('deleted')
    expect(await house().see('select id from app.line_remark where id = $1', [ids.remark])).toEqual([])
  })

  test('are one at most where they are unique', async () => {
    const { order } = await makeOrder()
    await expect(house().make('label', { text: 'Second', labelled_order: order })).rejects.toMatchObject({
      code: '23505',
    })
  })
})
