import { describe, expect, test } from 'vitest'
import { acme, ann, globex, useWarehouse } from './warehouse.ts'

const house = useWarehouse()

async function makeOrder(lines = 0): Promise<{ order: string; ids: string[] }> {
  const company = await house().make('company', { name: 'Company' })
  const order = await house().make('order', { title: 'Order', company_id: company })
  const ids: string[] = []
  for (let n = 1; n <= lines; n++) ids.push(await house().make('order_line', { quantity: n, order_id: order }))
  return { order, ids }
}

/** Amounts of an order's live lines, in their order. */
async function amounts(order: string): Promise<readonly number[]> {
  const rows = await house().run('select quantity from app.order_line where order_id = $1 order by order_position', [
    order,
  ])
  return rows.map((row) => row.quantity)
}

async function places(order: string): Promise<readonly number[]> {
  const rows = await house().see('select order_position from app.order_line where order_id = $1 order by 1', [order])
  return rows.map((row) => row.order_position)
}

type Target = { readonly before?: string; readonly after?: string; readonly to?: number }
const move = (id: string, { before, after, to }: Target, roles = ['clerk'], tenant = acme) =>
  house().one(
    'select rowhouse_private.move_order_line($1, $2, $3, $4)',
    [id, before ?? null, after ?? null, to ?? null],
    { roles, tenant },
  )

describe('a new part', () => {
  test('comes last, in each whole by itself', async () => {
    const one = await makeOrder(3)
    const other = await makeOrder(1)
    expect(await places(one.order)).toEqual([1, 2, 3])
    expect(await places(other.order)).toEqual([1])
  })

  test('gets a place of its own among 20 made at once', async () => {
    const { order } = await makeOrder()
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => house().make('order_line', { quantity: n + 1, order_id: order })),
    )
    expect(await places(order)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  test('cannot be given a place by its maker', async () => {
    const { order, ids } = await makeOrder(1)
    const given = { quantity: 1, order_id: order, order_position: 7 }
    await expect(house().make('order_line', given)).rejects.toMatchObject({ code: '42501' })
    const change = house().run('update app.order_line set order_position = 9 where id = $1', [ids[0]])
    await expect(change).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a part that goes to another whole', () => {
  test('comes last there', async () => {
    const from = await makeOrder(3)
    const to = await makeOrder(2)
    const update = `select rowhouse.update_row('app.order_line', $1, $2)`
    await house().run(update, [JSON.stringify({ id: from.ids[0] }), JSON.stringify({ order_id: to.order })])
    expect(await amounts(from.order)).toEqual([2, 3])
    expect(await amounts(to.order)).toEqual([1, 2, 1])
  })
})

describe('a move', () => {
  test('goes before, after, and to a place', async () => {
    const { order, ids } = await makeOrder(4)
    expect(await move(ids[3]!, { before: ids[0]! })).toBe('moved')
    expect(await amounts(order)).toEqual([4, 1, 2, 3])
    await move(ids[3]!, { after: ids[1]! })
    expect(await amounts(order)).toEqual([1, 2, 4, 3])
    await move(ids[0]!, { to: 3 })
    expect(await amounts(order)).toEqual([2, 4, 1, 3])
    await move(ids[0]!, { to: 1 })
    expect(await amounts(order)).toEqual([1, 2, 4, 3])
    await move(ids[0]!, { to: 99 })
    expect(await amounts(order)).toEqual([2, 4, 3, 1])
    await move(ids[0]!, { to: 4 })
    await move(ids[0]!, { before: ids[0]! })
    expect(await amounts(order)).toEqual([2, 4, 3, 1])
    expect(await places(order)).toEqual([1, 2, 3, 4])
  })

  test('touches the row that moved and no other', async () => {
    const { order, ids } = await makeOrder(3)
    const before = await house().see('select id, updated_at from app.order_line where order_id = $1', [order])
    await move(ids[2]!, { to: 1 })
    const after = await house().see('select id, updated_at from app.order_line where order_id = $1', [order])
    const changed = after.filter((row) => {
      const known = before.find((each) => each.id === row.id)
      return known.updated_at.getTime() !== row.updated_at.getTime()
    })
    expect(changed.map((row) => row.id)).toEqual([ids[2]])
  })

  test('moves at once leave every sibling a place of its own', async () => {
    const { order, ids } = await makeOrder(8)
    const moves = Array.from({ length: 40 }, (_, n) => move(ids[n % 8]!, { to: ((n * 5) % 8) + 1 }))
    const inserts = Array.from({ length: 4 }, () => house().make('order_line', { quantity: 9, order_id: order }))
    await Promise.all([...moves, ...inserts])
    const found = await places(order)
    expect(new Set(found).size).toBe(12)
    const sorted = (await amounts(order)).toSorted((a, b) => a - b)
    expect(sorted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9])
  })

  test('a removed part comes back to its place, also when others moved meanwhile', async () => {
    const { order, ids } = await makeOrder(4)
    await house().run('select rowhouse_private.remove_order_line($1)', [ids[1]])
    await move(ids[3]!, { to: 1 })
    await house().make('order_line', { quantity: 5, order_id: order })
    expect(await amounts(order)).toEqual([4, 1, 3, 5])
    await house().run('select rowhouse_private.restore_order_line($1)', [ids[1]])
    expect(await amounts(order)).toEqual([4, 1, 2, 3, 5])
    expect(new Set(await places(order)).size).toBe(5)
  })

  test('asks for the right to update the row as a whole', async () => {
    const { order, ids } = await makeOrder(2)
    // Packers may change the amount and nothing else, guests nothing.
    await expect(move(ids[1]!, { to: 1 }, ['packer'])).rejects.toMatchObject({ code: '42501' })
    await expect(move(ids[1]!, { to: 1 }, ['guest'])).rejects.toMatchObject({ code: '42501' })
    expect(await amounts(order)).toEqual([1, 2])
  })

  test('never crosses wholes or tenants', async () => {
    const one = await makeOrder(2)
    const other = await makeOrder(1)
    await expect(move(one.ids[0]!, { before: other.ids[0]! })).rejects.toMatchObject({ code: 'RH404' })
    expect(await move(one.ids[0]!, { to: 2 }, ['clerk'], globex)).toBe('missing')
    const gone = '00000000-0000-7000-8000-0000000000ff'
    expect(await move(gone, { to: 1 })).toBe('missing')
    expect(ann).not.toBe(gone)
  })
})

test('the database refuses two siblings with one place', async () => {
  const { order, ids } = await makeOrder(2)
  const clash = house().see('update app.order_line set order_position = 2 where id = $1', [ids[0]])
  await expect(clash).rejects.toMatchObject({ code: '23505' })
  // Exchanged in one statement they are as different as before.
  await house().see('update app.order_line set order_position = 3 - order_position where order_id = $1', [order])
  expect(await amounts(order)).toEqual([2, 1])
})
