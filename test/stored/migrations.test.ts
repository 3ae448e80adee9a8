import { expect, test } from 'vitest'
import { buildCatalog, diffCatalogs, renderAdditions, replacePlaceholders } from '#migrations'
import type { Entity, Model } from '#schema'
import { useLedgers } from './ledgers.ts'

const ledgers = useLedgers()

/** The model with some computed fields of an entity otherwise. */
function changed(model: Model, name: string, change: (each: Entity['computed'][number]) => Entity['computed'][number]) {
  const entities = model.entities.map((each) =>
    each.name === name ? { ...each, computed: each.computed.map(change), indexes: [], unique: [] } : each,
  )
  return { ...model, entities }
}

async function migrate(from: Model, to: Model): Promise<readonly string[]> {
  const changes = diffCatalogs(buildCatalog(from), buildCatalog(to))
  expect(changes.filter((each) => each.class === 'destructive')).toEqual([])
  const text = replacePlaceholders(renderAdditions(changes), ledgers().database.names)
  await ledgers().database.migrator.query(`begin; ${text} commit;`)
  return changes.flatMap((each) => (each.kind === 'column' ? [each.description] : []))
}

test('formulas are stored, changed and no longer stored where rows are', async () => {
  const { model, database } = ledgers()
  await ledgers().load(`
    insert into app.customer (name) values ('Ann');
    insert into app.product (name, price) values ('nut', 2);
    insert into app."order" (number, customer_id) select 'A', id from app.customer;
    insert into app.entry (order_id, product_id, quantity) select o.id, p.id, 7 from app."order" o, app.product p`)
  const none = (each: Entity['computed'][number]) => ({ ...each, stored: false })
  const all = async () =>
    (
      await database.asOwner((client) =>
        client.query(
          'select o.subtotal, o.total, c.ordered from app."order" o join app.customer c on c.id = o.customer_id',
        ),
      )
    ).rows
  const bare = changed(changed(changed(model, 'Order', none), 'Customer', none), 'Entry', none)
  expect(await migrate(model, bare)).toContain('column app.order total: no longer stored')
  await expect(all()).rejects.toMatchObject({ code: '42703' })

  const { indexes: _, ...plain } = model.entities.find(({ name }) => name === 'Order')!
  expect(plain.name).toBe('Order')
  const again = changed(
    changed(
      changed(model, 'Order', (each) => each),
      'Customer',
      (each) => each,
    ),
    'Entry',
    (each) => each,
  )
  expect(await migrate(bare, again)).toContain(
    'column app.customer ordered: stored from now on, computed for the rows that are there',
  )
  expect(await all()).toEqual([{ subtotal: '14.00', total: '14.00', ordered: '14.00' }])

  const zero = { kind: 'literal', of: 'number', value: '3' } as const
  const other = changed(again, 'Entry', (each) => (each.name === 'amount' ? { ...each, expression: zero } : each))
  // What follows from it is computed anew as well.
  expect(await migrate(again, other)).toEqual(
    expect.arrayContaining([
      'column app.entry amount: another formula, computed anew',
      'column app.order subtotal: another formula, computed anew',
      'column app.customer ordered: another formula, computed anew',
    ]),
  )
  expect(await all()).toEqual([{ subtotal: '3.00', total: '3.00', ordered: '3.00' }])
  await migrate(other, again)
  expect(await ledgers().drift()).toEqual([])
})
