import { expect, test } from 'vitest'
import { acmeItem, globex, globexItem, useDepot } from './depot.ts'

const depot = useDepot()

test('what a seed gives comes back in its one form', async () => {
  const shown = 'tags colours prices target { street zip floors } steps { on cost colour } stock thumb'
  const { data } = await depot().ask(`{ item(id: "${acmeItem}") { ${shown} } }`)
  expect(data).toEqual({
    item: {
      tags: ['wood'],
      colours: ['dark_blue'],
      prices: ['12.50', '99999999999999999.99'],
      target: { street: 'Dock 2', zip: '12345', floors: null },
      steps: [{ on: '2026-01-31', cost: '1.50', colour: null }],
      stock: { hall: 3 },
      thumb: 'aGk=',
    },
  })
})

test('lists are written and read back exactly', async () => {
  const item = {
    tags: ['a', 'b'],
    colours: ['red', 'dark_blue', 'red'],
    prices: ['0.10', '99999999999999999.99', '-3'],
    days: ['2024-02-29', '0001-01-01'],
    instants: ['2026-11-20T08:30:00.123456+01:00'],
    measures: [0.1, 1e300],
    serials: ['9223372036854775807', '-9223372036854775808'],
    prints: ['', 'aGk='],
  }
  const { data, errors } = await depot().create(item, Object.keys(item).join(' '))
  expect(errors).toEqual([])
  expect(data).toEqual({
    createItem: {
      item: {
        ...item,
        prices: ['0.10', '99999999999999999.99', '-3.00'],
        instants: ['2026-11-20T07:30:00.123456+00:00'],
      },
    },
  })
})

test('shapes are written and read back exactly, whatever is in their texts', async () => {
  const street = `"}'); drop table app.item; -- :OWNER \\ \n ' 🦆`
  const details = {
    limit: '999.9',
    at: '2026-11-20 08:30',
    from: '09:15',
    big: '-9223372036854775808',
    ratio: 1e-300,
    count: -2147483648,
    ready: false,
    other: '00000000-0000-7000-8000-00000000000A',
    seal: 'AAAAAA==',
    inner: { places: [{ street: 'x' }, { street, zip: '00000', floors: [] }] },
    notes: { __proto__x: 1, 'a"b': [null, { c: 'd' }], '': true },
  }
  const shown =
    'details { limit at from big ratio count ready other seal inner { places { street zip floors } } notes } origin { street }'
  const { data, errors } = await depot().create({ details, origin: null }, shown)
  expect(errors).toEqual([])
  expect(data).toEqual({
    createItem: {
      item: {
        origin: null,
        details: {
          ...details,
          limit: '999.90',
          at: '2026-11-20T08:30:00Z',
          other: '00000000-0000-7000-8000-00000000000a',
          inner: {
            places: [
              { street: 'x', zip: null, floors: null },
              { street, zip: '00000', floors: [] },
            ],
          },
        },
      },
    },
  })
})

test('defaults hold, and a patch replaces a value whole', async () => {
  const shown = 'id tags steps { on } target { street zip floors } stock'
  const { data } = await depot().create({}, shown)
  const { id, ...made } = (data as { createItem: { item: { id: string } } }).createItem.item
  expect(made).toEqual({
    tags: [],
    steps: [],
    target: { street: 'Hall 1', zip: null, floors: [1] },
    stock: { hall: 0 },
  })
  const patch = { target: { street: 'Dock' }, tags: ['x'], stock: {}, steps: [{ on: '2026-01-01', cost: '1e2' }] }
  const update = `mutation ($id: UUID!, $patch: ItemPatch!) { updateItem(input: { id: $id, patch: $patch }) { item { tags steps { on cost } target { street zip floors } stock } } }`
  expect((await depot().ask(update, { id, patch })).data).toEqual({
    updateItem: {
      item: {
        ...patch,
        steps: [{ on: '2026-01-01', cost: '100.00' }],
        target: { street: 'Dock', zip: null, floors: null },
      },
    },
  })
})

test('another tenant sees and changes nothing of it', async () => {
  const { data } = await depot().ask('{ items { nodes { id } } }', {}, globex)
  expect(data).toEqual({ items: { nodes: [{ id: globexItem }] } })
  const update = `mutation { updateItem(input: { id: "${acmeItem}", patch: { tags: ["mine"] } }) { id } }`
  const { errors } = await depot().ask(update, {}, globex)
  expect(errors?.[0]?.extensions?.code).toBe('NOT_FOUND')
  const hidden = `{ items(filter: { tags: { anyEqualTo: "wood" }, stock: { containsKey: "hall" } }) { nodes { id } } }`
  expect((await depot().ask(hidden, {}, globex)).data).toEqual({ items: { nodes: [{ id: globexItem }] } })
})
