import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectCatalogHeld } from '../../support/catalog-read-back.ts'
import { type Asker, acme, globex, useAppServer } from './app-server.ts'

const kim = '00000000-0000-7000-8000-0000000000a1'
const gil = '00000000-0000-7000-8000-0000000000b1'

const app = useAppServer({
  folder: join(import.meta.dirname, '../../fixtures/apps/own-keys'),
  roleSets: [['keeper'], ['clerk'], ['boss'], []],
  fill: (database) => database.asOwner(async (client) => void (await client.query(rows))),
})

/** Both tenants have depot 1 and item A-1: only the tenant tells them apart. */
const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app.person (id, name) values ('${kim}', 'Kim'), ('${gil}', 'Gil');
insert into app.country (code, name) values ('DE', 'Germany'), ('F', 'France');
insert into app.depot (tenant_id, id, name, country_id) values
  ('${acme}', 1, 'North', 'DE'), ('${acme}', 2, 'South', 'F'), ('${globex}', 1, 'Foreign', 'DE');
select setval(pg_get_serial_sequence('app.depot', 'id'), 100);
insert into app.keeping (tenant_id, person_id, depot_id) values ('${acme}', '${kim}', 1), ('${globex}', '${gil}', 1);
insert into app.item (tenant_id, sku, unit_price, "last seen") values
  ('${acme}', 'A-1', 0.1, '2026-01-01 00:00:00'), ('${acme}', 'B-2', 7.25, '2025-12-31 23:59:59.5'), ('${globex}', 'A-1', 99, null);
insert into app.stock_levels (tenant_id, depot_id, item_id, quantity) values
  ('${acme}', 1, 'A-1', 5), ('${acme}', 1, 'B-2', 6), ('${acme}', 2, 'A-1', 7), ('${globex}', 1, 'A-1', 1000);
insert into app.delivery (tenant_id, delivery_no, depot_id, sku) values
  ('${acme}', 9007199254740993, 1, 'A-1'), ('${acme}', 9007199254740994, 2, 'A-1'), ('${globex}', 9007199254740993, 1, 'A-1');
`

const keeper: Asker = { tenant: acme, id: kim, roles: ['keeper'] }
const clerk: Asker = { tenant: acme, id: kim, roles: ['clerk'] }
const boss: Asker = { tenant: acme, id: kim, roles: ['boss'] }
const globexKeeper: Asker = { tenant: globex, id: gil, roles: ['keeper'] }
const globexBoss: Asker = { tenant: globex, id: gil, roles: ['boss'] }

describe('numbers as ids', () => {
  test('are read, filtered, ordered and followed, each tenant its own', async () => {
    const query = '{ depots { nodes { id name stock { nodes { item { sku } quantity } } } } }'
    const answer = await app().ask(keeper, query)
    expect(answer.errors).toEqual([])
    expect(answer.data.depots.nodes).toEqual([
      {
        id: 1,
        name: 'North',
        stock: {
          nodes: [
            { item: { sku: 'A-1' }, quantity: 5 },
            { item: { sku: 'B-2' }, quantity: 6 },
          ],
        },
      },
    ])
    expect((await app().ask(globexKeeper, query)).data.depots.nodes).toMatchObject([{ id: 1, name: 'Foreign' }])
    const filtered = await app().ask(
      boss,
      '{ depots(filter: { id: { greaterThan: 1 } }, orderBy: [ID_DESC]) { nodes { id } } depot(id: 2) { name countryId } }',
    )
    expect(filtered.data).toEqual({ depots: { nodes: [{ id: 2 }] }, depot: { name: 'South', countryId: 'F' } })
  })

  test('of 64 bits lose no digit', async () => {
    const answer = await app().ask(
      keeper,
      '{ deliveries { nodes { id nodeId itemId } } delivery(id: "9007199254740993") { id depot { name } } }',
    )
    expect(answer.errors).toEqual([])
    expect(answer.data.deliveries.nodes).toMatchObject([{ id: '9007199254740993', itemId: 'A-1' }])
    expect(answer.data.delivery).toEqual({ id: '9007199254740993', depot: { name: 'North' } })
    const { nodeId } = answer.data.deliveries.nodes[0]
    const node = await app().ask(keeper, 'query ($id: ID!) { node(nodeId: $id) { ... on Delivery { id } } }', {
      id: nodeId,
    })
    expect(node.data.node).toEqual({ id: '9007199254740993' })
    // The other tenant has the same number, and its own row.
    const foreign = await app().ask(
      globexKeeper,
      'query ($id: ID!) { node(nodeId: $id) { ... on Delivery { depot { name } } } }',
      { id: nodeId },
    )
    expect(foreign.data.node).toEqual({ depot: { name: 'Foreign' } })
  })

  test('are made by Postgres, and come back', async () => {
    const made = await app().ask(
      boss,
      'mutation { createDepot(input: { depot: { name: "East", countryId: "DE" } }) { id depot { id name country { name } } } }',
    )
    expect(made.errors).toEqual([])
    expect(made.data.createDepot).toEqual({ id: 101, depot: { id: 101, name: 'East', country: { name: 'Germany' } } })
    const changed = await app().ask(
      boss,
      'mutation { updateDepot(input: { id: 101, patch: { name: "Far East" } }) { id depot { name } } }',
    )
    expect(changed.data.updateDepot).toEqual({ id: 101, depot: { name: 'Far East' } })
    const removed = await app().ask(boss, 'mutation { removeDepot(input: { id: 101 }) { id } }')
    expect(removed.data.removeDepot).toEqual({ id: 101 })
    expect((await app().ask(boss, '{ depot(id: 101) { id } }')).data.depot).toBeNull()
    expect(
      (await app().ask(boss, 'mutation { restoreDepot(input: { id: 101 }) { depot { name } } }')).data.restoreDepot,
    ).toEqual({ depot: { name: 'Far East' } })
    expect((await app().ask(boss, 'mutation { deleteDepot(input: { id: 101 }) { id } }')).data.deleteDepot).toEqual({
      id: 101,
    })
    const again = await app().ask(boss, 'mutation { deleteDepot(input: { id: 101 }) { id } }')
    expect(again.errors[0]!.extensions.code).toBe('NOT_FOUND')
  })

  test("of another tenant are nobody's, hidden ones not linked", async () => {
    const other = 'mutation { updateDepot(input: { id: 2, patch: { name: "mine" } }) { id } }'
    expect((await app().ask(globexBoss, other)).errors[0]!.extensions.code).toBe('NOT_FOUND')
    const hidden = await app().ask(
      keeper,
      'mutation { createDelivery(input: { delivery: { depotId: 2, itemId: "A-1" } }) { id } }',
    )
    expect(hidden.errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND', fields: ['depotId'] })
    const absent = await app().ask(
      keeper,
      'mutation { createDelivery(input: { delivery: { depotId: 1, itemId: "Z-9" } }) { id } }',
    )
    expect(absent.errors[0]!.extensions).toMatchObject({ code: 'NOT_FOUND', fields: ['itemId'] })
  })
})

describe('natural keys', () => {
  test('of one field: read, made, changed, never the key itself', async () => {
    const made = await app().ask(
      keeper,
      'mutation { createItem(input: { item: { sku: "C-3", price: 1.5, seenAt: "2026-05-05T01:30:00+02:00", tax: "1.25", unit: kilo } }) { sku item { sku price seenAt tax unit nodeId } } }',
    )
    expect(made.errors).toEqual([])
    expect(made.data.createItem).toMatchObject({
      sku: 'C-3',
      item: { sku: 'C-3', price: 1.5, seenAt: '2026-05-04T23:30:00.000000+00:00', tax: '1.25', unit: 'kilo' },
    })
    const changed = await app().ask(
      keeper,
      'mutation { updateItem(input: { sku: "C-3", patch: { weight: 12 } }) { sku item { weight } } }',
    )
    expect(changed.data.updateItem).toEqual({ sku: 'C-3', item: { weight: 12 } })
    const key = await app().ask(keeper, 'mutation { updateItem(input: { sku: "C-3", patch: { sku: "D-4" } }) { sku } }')
    expect(key.errors[0]!.message).toContain('"sku"')
    const twice = await app().ask(keeper, 'mutation { createItem(input: { item: { sku: "C-3" } }) { sku } }')
    expect(twice.errors[0]!.extensions).toMatchObject({ code: 'CONFLICT', fields: ['sku'] })
    const wider = [
      ['weight: 40000', '"weight" is not between -32768 and 32767.'],
      ['weight: -32769', '"weight" is not between -32768 and 32767.'],
      ['label: "12345678901"', '"label" is longer than 10.'],
      // Postgres would cut them off.
      ['label: "1234567890  "', '"label" is longer than 10.'],
      ['price: 3.5e38', '"price" is too large.'],
    ] as const
    for (const [patch, message] of wider) {
      const wide = await app().ask(
        keeper,
        `mutation { updateItem(input: { sku: "C-3", patch: { ${patch} } }) { sku } }`,
      )
      const extensions = { code: 'VALIDATION', fields: [patch.split(':')[0]] }
      expect(wide.errors, patch).toMatchObject([{ message, extensions }])
    }
    const fits =
      'mutation { updateItem(input: { sku: "C-3", patch: { weight: 32767, label: "😀234567890" } }) { item { weight label } } }'
    expect((await app().ask(keeper, fits)).data.updateItem.item).toEqual({ weight: 32_767, label: '😀234567890' })
    // The same key in another tenant is another row: no conflict, and no sight of the first one.
    const other = await app().ask(
      globexKeeper,
      'mutation { createItem(input: { item: { sku: "C-3" } }) { item { price } } }',
    )
    expect(other.data.createItem).toEqual({ item: { price: null } })
  })

  test('of fixed length are texts without blanks', async () => {
    const answer = await app().ask(
      boss,
      '{ country(code: "F") { code name } countries(filter: { code: { equalTo: "F" } }) { nodes { code } } }',
    )
    expect(answer.errors).toEqual([])
    expect(answer.data).toEqual({ country: { code: 'F', name: 'France' }, countries: { nodes: [{ code: 'F' }] } })
    const made = await app().ask(
      boss,
      'mutation { createCountry(input: { country: { code: "P", name: "Portugal" } }) { code country { name } } }',
    )
    expect(made.data.createCountry).toEqual({ code: 'P', country: { name: 'Portugal' } })
    expect(
      (await app().ask(boss, 'mutation { deleteCountry(input: { code: "P" }) { code } }')).data.deleteCountry,
    ).toEqual({ code: 'P' })
  })

  test('of several columns: read, made, changed, removed and brought back by all of them', async () => {
    const ask = (query: string) => app().ask(keeper, query)
    const made = await ask(
      'mutation { createStock(input: { stock: { depotId: 1, itemId: "C-3", quantity: 3 } }) { depotId itemId stock { quantity nodeId } } }',
    )
    expect(made.errors).toEqual([])
    expect(made.data.createStock).toMatchObject({ depotId: 1, itemId: 'C-3', stock: { quantity: 3 } })
    const counted = await ask(
      'mutation { updateStock(input: { depotId: 1, itemId: "C-3", patch: { quantity: 4 } }) { stock { quantity } } }',
    )
    expect(counted.data.updateStock).toEqual({ stock: { quantity: 4 } })
    const more = await ask(
      'mutation { updateStock(input: { depotId: 1, itemId: "C-3", patch: { shelf: "9" } }) { depotId } }',
    )
    expect(more.errors[0]!.extensions.code).toBe('FORBIDDEN')
    const removed = await ask('mutation { removeStock(input: { depotId: 1, itemId: "C-3" }) { itemId } }')
    expect(removed.data.removeStock).toEqual({ itemId: 'C-3' })
    expect((await ask('{ stock(depotId: 1, itemId: "C-3") { quantity } }')).data.stock).toBeNull()
    const back = await ask('mutation { restoreStock(input: { depotId: 1, itemId: "C-3" }) { stock { quantity } } }')
    expect(back.data.restoreStock).toEqual({ stock: { quantity: 4 } })
    const foreign = await app().ask(
      globexKeeper,
      '{ stock(depotId: 1, itemId: "C-3") { quantity } stockLevels { nodes { quantity } } }',
    )
    expect(foreign.data).toEqual({ stock: null, stockLevels: { nodes: [{ quantity: 1000 }] } })
    const node = await ask('query { stock(depotId: 1, itemId: "A-1") { nodeId } }')
    const byNode = await app().ask(keeper, 'query ($id: ID!) { node(nodeId: $id) { ... on Stock { quantity } } }', {
      id: node.data.stock.nodeId,
    })
    expect(byNode.data.node).toEqual({ quantity: 5 })
  })

  test('go along when what they hang on is removed, and come back with it', async () => {
    const all = async () =>
      (await app().ask(boss, '{ stockLevels(filter: { depotId: { equalTo: 2 } }) { totalCount } }')).data.stockLevels
        .totalCount
    expect(await all()).toBe(1)
    expect(
      (await app().ask(boss, 'mutation { deleteDelivery(input: { id: "9007199254740994" }) { id } }')).errors,
    ).toEqual([])
    expect((await app().ask(boss, 'mutation { removeDepot(input: { id: 2 }) { id } }')).errors).toEqual([])
    expect(await all()).toBe(0)
    // An item may not go while stock of it is live; what is removed does not count.
    const restrict = await app().ask(boss, 'mutation { removeItem(input: { sku: "A-1" }) { sku } }')
    expect(restrict.errors[0]!.extensions.code).toBe('CONFLICT')
    expect((await app().ask(boss, 'mutation { restoreDepot(input: { id: 2 }) { id } }')).errors).toEqual([])
    expect(await all()).toBe(1)
  })

  test('lead through to the other side', async () => {
    const answer = await app().ask(boss, '{ item(sku: "A-1") { depots(orderBy: [ID_ASC]) { nodes { id } } } }')
    expect(answer.data.item.depots.nodes).toEqual([{ id: 1 }, { id: 2 }])
  })
})

describe('rules', () => {
  test('over related rows with keys of other types, and over columns of other types', async () => {
    const stock = await app().ask(clerk, '{ stockLevels { nodes { depotId itemId } } items { nodes { sku } } }')
    expect(stock.errors).toEqual([])
    expect(stock.data).toEqual({
      stockLevels: { nodes: [{ depotId: 1, itemId: 'A-1' }] },
      items: { nodes: [{ sku: 'A-1' }] },
    })
  })

  test('without deletedAt there is nothing to remove', async () => {
    const answer = await app().ask(boss, '{ __type(name: "Mutation") { fields { name } } }')
    const names = answer.data.__type.fields.map(({ name }: { name: string }) => name)
    expect(names).toContain('deleteDelivery')
    expect(names).not.toContain('removeDelivery')
    expect(names).not.toContain('restoreCountry')
  })

  test('a moment in a column of another name and type is kept', async () => {
    const changed = await app().ask(
      boss,
      'mutation { updateDelivery(input: { id: "9007199254740993", patch: { note: "x" } }) { delivery { updatedAt } } }',
    )
    expect(changed.errors).toEqual([])
    const { updatedAt } = changed.data.updateDelivery.delivery
    const { rows: found } = await app().database.asOwner((client) =>
      client.query(
        "select abs(extract(epoch from ($1::timestamptz - now()))) < 3600 as near, changed_at::text as kept from app.delivery where note = 'x'",
        [updatedAt],
      ),
    )
    expect(found[0].near).toBe(true)
  })
})

test('what is built is what the database holds', async () => {
  const { catalog, database } = app()
  const { found } = await expectCatalogHeld(database, catalog)
  const depot = found.tables.find(({ name }) => name === 'depot')
  expect(depot?.columns.find(({ name }) => name === 'id')).toMatchObject({
    type: 'integer',
    identity: true,
    default: null,
  })
})

test('a change of an identity by hand is found', async () => {
  const { catalog, database } = app()
  const { differences } = await expectCatalogHeld(database, catalog)
  await database.migrator.query('begin')
  await database.migrator.query('alter table app.depot alter column id set generated always')
  await database.migrator.query('alter table app.keeping alter column id drop identity')
  await database.migrator.query('commit')
  const found = (await differences()).join('\n')
  expect(found).toContain('app.keeping id: identity')
  expect(found).toContain('app.depot id: identity')
})
