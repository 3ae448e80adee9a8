import { describe, expect, test } from 'vitest'
import { globex, useWarehouse } from './warehouse.ts'

const house = useWarehouse()

async function makeRows() {
  const [ours, theirs] = [
    await house().make('company', { name: 'Ours' }),
    await house().make('company', { name: 'Theirs' }),
  ]
  const product = (company: string) =>
    house().make('product', { sku: crypto.randomUUID().slice(0, 18), company_id: company })
  const order = await house().make('order', { title: 'Order', company_id: ours })
  return { ours, theirs, order, own: await product(ours), foreign: await product(theirs) }
}

const change = (table: string, id: string, values: object) =>
  house().one(`select rowhouse.update_row($1::text::regclass, $2, $3)`, [
    `app."${table}"`,
    JSON.stringify({ id }),
    JSON.stringify(values),
  ])
const disagrees = { code: '23503', table: 'order_line', constraint: 'order_line_product_same_fkey' }

describe('a path of two steps', () => {
  test('both ends agree when the row is made, and when it changes', async () => {
    const { order, own, foreign } = await makeRows()
    const line = { quantity: 1, order_id: order }
    await expect(house().make('order_line', { ...line, product_id: foreign })).rejects.toMatchObject(disagrees)
    const id = await house().make('order_line', { ...line, product_id: own })
    await expect(change('order_line', id, { product_id: foreign })).rejects.toMatchObject(disagrees)
    expect(await change('order_line', id, { product_id: null })).toBe('updated')
    expect(await change('order_line', id, { product_id: own })).toBe('updated')
  })

  test('the row goes to another order only with a product of its company', async () => {
    const { order, own, foreign, theirs } = await makeRows()
    const id = await house().make('order_line', { quantity: 1, order_id: order, product_id: own })
    const other = await house().make('order', { title: 'Other', company_id: theirs })
    await expect(change('order_line', id, { order_id: other })).rejects.toMatchObject(disagrees)
    expect(await change('order_line', id, { order_id: other, product_id: foreign })).toBe('updated')
  })

  test('neither end goes away from the other later', async () => {
    const { order, own, theirs } = await makeRows()
    const id = await house().make('order_line', { quantity: 1, order_id: order, product_id: own })
    await expect(change('order', order, { company_id: theirs })).rejects.toMatchObject(disagrees)
    await expect(change('product', own, { company_id: theirs })).rejects.toMatchObject(disagrees)
    await change('order_line', id, { product_id: null })
    expect(await change('order', order, { company_id: theirs })).toBe('updated')
    const rows = await house().see(
      'select order_company_id, updated_at = created_at as untouched from app.order_line where id = $1',
      [id],
    )
    expect(rows).toEqual([{ order_company_id: theirs, untouched: false }])
  })

  test('a copy that follows its original is no change of the row', async () => {
    const { order, theirs } = await makeRows()
    const id = await house().make('order_line', { quantity: 1, order_id: order })
    await change('order', order, { company_id: theirs })
    const rows = await house().see(
      'select order_company_id, updated_at = created_at as untouched from app.order_line where id = $1',
      [id],
    )
    expect(rows).toEqual([{ order_company_id: theirs, untouched: true }])
  })

  test('a change at each end at once cannot leave them apart', async () => {
    for (let round = 0; round < 5; round++) {
      const { order, own, theirs } = await makeRows()
      const outcomes = await Promise.allSettled([
        house().make('order_line', { quantity: 1, order_id: order, product_id: own }),
        change('order', order, { company_id: theirs }),
      ])
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
      const apart = await house().see(`
        select l.id from app.order_line l join app."order" o on o.id = l.order_id join app.product p on p.id = l.product_id
        where o.company_id <> p.company_id or l.order_company_id <> o.company_id`)
      expect(apart).toEqual([])
    }
  })

  test('nobody reads or writes the copy', async () => {
    const { order, theirs } = await makeRows()
    const given = { quantity: 1, order_id: order, order_company_id: theirs }
    await expect(house().make('order_line', given)).rejects.toMatchObject({ code: '42501' })
    await expect(house().run('select order_company_id from app.order_line')).rejects.toMatchObject({ code: '42501' })
    expect(await house().run('select id from app.order_line where order_id = $1', [order], { tenant: globex })).toEqual(
      [],
    )
  })
})

describe('a path of one step', () => {
  test('compares with a relation of the row itself', async () => {
    const { ours, own, foreign, theirs } = await makeRows()
    const wrong = house().make('stock', { amount: 1, company_id: ours, product_id: foreign })
    await expect(wrong).rejects.toMatchObject({ code: '23503', constraint: 'stock_product_same_fkey' })
    const id = await house().make('stock', { amount: 1, company_id: ours, product_id: own })
    await expect(change('stock', id, { company_id: theirs })).rejects.toMatchObject({ code: '23503' })
    expect(await change('stock', id, { company_id: theirs, product_id: foreign })).toBe('updated')
  })
})
