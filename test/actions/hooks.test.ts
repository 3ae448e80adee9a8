import { beforeEach, describe, expect, test } from 'vitest'
import { as, useBakery } from './bakery.ts'

const bakery = useBakery()
const seller = as('seller')
const ask = async (text: string, variables: object = {}, who = seller) => await bakery().ask(who, text, variables)
const create = (delivery: object, who = seller) =>
  ask(
    'mutation ($input: CreateDeliveryInput!) { createDelivery(input: $input) { delivery { id number street state remark price } } }',
    { input: { delivery } },
    who,
  )
const update = (id: string, patch: object) =>
  ask(
    'mutation ($input: UpdateDeliveryInput!) { updateDelivery(input: $input) { delivery { street remark price } } }',
    { input: { id, patch } },
  )
const diary = async () => {
  const { data } = await ask('{ diaries(orderBy: [CREATED_AT_ASC]) { nodes { said } } }', {}, as('baker'))
  return data.diaries.nodes.map(({ said }: { said: string }) => said)
}
const made = async (number: string, more: object = {}): Promise<string> => {
  const { data, errors } = await create({ number, street: 'Main 1', ...more })
  expect(errors).toEqual([])
  return data.createDelivery.delivery.id
}
const errorOf = ({ errors }: Awaited<ReturnType<typeof ask>>) => [
  errors[0]?.extensions.code,
  errors[0]?.message,
  errors[0]?.extensions.fields,
]

beforeEach(async () => {
  await bakery().database.asOwner((client) =>
    client.query('delete from app.parcel; delete from app.delivery; delete from app.diary'),
  )
})

describe('hooks of new rows', () => {
  test('run in the order in which they are declared, and what they answer is written', async () => {
    const { data } = await create({ number: 'D1', street: '  Main 1 ' })
    expect(data.createDelivery.delivery).toMatchObject({
      ...{ street: 'Main 1', state: 'on_the_way', remark: 'beforeCreate create null, second' },
    })
    expect(await diary()).toEqual(['create D1 Main 1 0'])
  })

  test('refuse with the message of an Error, and tell nothing of other faults', async () => {
    const refused = (street: string) => create({ number: 'D1', street }).then(errorOf)
    expect(await refused('Nowhere')).toEqual(['VALIDATION', 'Nothing is delivered to nowhere.', undefined])
    expect((await refused('Elsewhere'))[0]).toBe('INTERNAL')
    expect(await refused('Unknown')).toEqual(['VALIDATION', 'A hook cannot write "colour".', ['colour']])
    expect(await refused('Long')).toEqual(['VALIDATION', expect.stringContaining('street'), ['street']])
    expect(await diary()).toEqual([])
  })

  test('undo the row when one that comes afterwards fails', async () => {
    const { errors } = await update(await made('D1', {}), { remark: 'late no' })
    expect(errors[0]).toMatchObject({ message: 'Too late.', extensions: { code: 'VALIDATION' } })
    expect(await diary()).toEqual(['create D1 Main 1 0'])
  })
})

describe('hooks of changes', () => {
  test('see the row as it is, and may refuse', async () => {
    const id = await made('D1')
    expect(errorOf(await update(id, { street: 'Other 2' }))).toEqual(['VALIDATION', 'It is on the way.', ['street']])
    const { data } = await update(id, { remark: 'new' })
    expect(data.updateDelivery.delivery).toMatchObject({ street: 'Main 1', remark: 'new' })
    expect(await diary()).toEqual(['create D1 Main 1 0', 'update D1 Main 1 0'])
  })

  test('of a field run where its value changes, and not where it is said once more', async () => {
    const id = await made('D1', { price: '2.50' })
    const same = await update(id, { price: '2.5', remark: '' })
    expect(same.data.updateDelivery.delivery).toMatchObject({ remark: '', price: '2.50' })
    const other = await update(id, { price: '3', remark: '' })
    expect(other.data.updateDelivery.delivery).toMatchObject({ remark: 'price 2.50 to 3', price: '3.00' })
  })
})

describe('hooks of removals', () => {
  test('see the row before it goes, and what was gone afterwards', async () => {
    const [one, two] = [await made('D1'), await made('D2')]
    await update(one, { remark: 'keep' })
    const remove = (id: string) => ask('mutation ($id: UUID!) { removeDelivery(input: { id: $id }) { id } }', { id })
    expect(errorOf(await remove(one))).toEqual(['VALIDATION', 'Nobody may remove it.', undefined])
    expect((await remove(two)).errors).toEqual([])
    expect((await diary()).at(-1)).toBe('remove D2 Main 1 0')
    const gone = await ask(
      'mutation ($id: UUID!) { deleteDelivery(input: { id: $id }) { id } }',
      { id: one },
      as('baker'),
    )
    expect(errorOf(gone)).toEqual(['VALIDATION', 'Nobody may delete it.', undefined])
  })
})

describe('no way around hooks', () => {
  const nowhere = [
    { number: 'D1', street: 'Main 1' },
    { number: 'D2', street: 'Nowhere' },
  ]

  test('by a document that is known, which is done without Grafast', async () => {
    const text = 'mutation ($input: CreateDeliveryInput!) { createDelivery(input: $input) { delivery { street } } }'
    for (const number of ['D1', 'D2', 'D3']) {
      const { data } = await ask(text, { input: { delivery: { number, street: '  Main 1' } } })
      expect(data.createDelivery.delivery).toEqual({ street: 'Main 1' })
    }
    const nowhere = { number: 'D4', street: 'Nowhere' }
    expect(errorOf(await ask(text, { input: { delivery: nowhere } }))[0]).toBe('VALIDATION')
  })

  test('by a batch', async () => {
    const refused = await ask(
      'mutation ($rows: [DeliveryInput!]!) { createDeliveries(input: { deliveries: $rows }) { ids } }',
      { rows: nowhere },
    )
    expect(errorOf(refused)).toEqual(['VALIDATION', '"deliveries.1": Nothing is delivered to nowhere.', undefined])
    const [one, two] = [await made('D1'), await made('D2')]
    const changes = [one, two].map((id) => ({ id, patch: { street: 'Other' } }))
    const changed = await ask(
      'mutation ($rows: [DeliveryChange!]!) { updateDeliveries(input: { deliveries: $rows }) { ids } }',
      { rows: changes },
    )
    expect(errorOf(changed)[1]).toBe('"deliveries.0": It is on the way.')
    await update(two, { remark: 'keep' })
    const removed = await ask('mutation ($ids: [UUID!]!) { removeDeliveries(input: { ids: $ids }) { ids } }', {
      ids: [one, two],
    })
    expect(errorOf(removed)[1]).toBe('"ids.1": Nobody may remove it.')
  })

  test('by an upsert, which is a new row or a change', async () => {
    const upsert = (rows: readonly object[]) =>
      ask(
        'mutation ($rows: [DeliveryInput!]!) { upsertDeliveries(input: { by: NUMBER, deliveries: $rows }) { deliveries { number street remark } } }',
        { rows },
      )
    expect(errorOf(await upsert(nowhere))[1]).toContain('Nothing is delivered to nowhere.')
    const id = await made('D1')
    expect(errorOf(await upsert([{ number: 'D1', street: 'Other' }]))[1]).toBe('It is on the way.')
    await bakery().database.asOwner((client) =>
      client.query(`update app.delivery set state = 'open' where id = '${id}'`),
    )
    const { data, errors } = await upsert([
      { number: 'D2', street: ' New ' },
      { number: 'D1', street: ' Old ' },
    ])
    expect(errors).toEqual([])
    expect(data.upsertDeliveries.deliveries).toEqual([
      { number: 'D2', street: 'New', remark: 'beforeCreate create null, second' },
      { number: 'D1', street: 'Old', remark: 'beforeCreate create null, second' },
    ])
    expect((await diary()).slice(1).sort()).toEqual(['create D2 New 0', 'update D1 Old 0'])
  })

  test('by rows inside of rows, which are there when hooks of the row run afterwards', async () => {
    const parcels = { create: [{ of: 'bread' }, { of: 'cake' }] }
    await made('D1', { parcels })
    expect(await diary()).toEqual(['create D1 Main 1 2'])
    const inside = await ask('mutation ($parcel: ParcelInput!) { createParcel(input: { parcel: $parcel }) { id } }', {
      parcel: { of: 'x', delivery: { create: { number: 'D2', street: 'Nowhere' } } },
    })
    expect(errorOf(inside)[1]).toBe('"parcel.delivery.create": Nothing is delivered to nowhere.')
  })

  test('and no end without one', async () => {
    const deliveryId = await made('D1')
    const endless = await ask('mutation ($parcel: ParcelInput!) { createParcel(input: { parcel: $parcel }) { id } }', {
      parcel: { of: 'endless', deliveryId },
    })
    expect(errorOf(endless)[0]).toBe('LIMIT')
  })
})

describe('hooks that are scripts', () => {
  const parcel = (of: string, who = seller) =>
    ask(
      'mutation ($parcel: ParcelInput!) { createParcel(input: { parcel: $parcel }) { parcel { id of } } }',
      { parcel: { of, delivery: { create: { number: `P ${of}`.slice(0, 20), street: 'Main 1' } } } },
      who,
    )

  test('change values, write, raise and throw as others do', async () => {
    expect((await parcel(' bread ')).data.createParcel.parcel.of).toBe('bread')
    expect((await parcel('who')).data.createParcel.parcel.of).toBe('seller true')
    await parcel('told')
    expect(await diary()).toContain('a parcel of told')
    const raised = await parcel('nothing')
    expect(raised.errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', rule: 'PARCEL_EMPTY' })
    expect(errorOf(await parcel('thrown')).slice(0, 2)).toEqual([
      'VALIDATION',
      expect.stringContaining('No such parcel.'),
    ])
  })

  test('do nothing that their caller may not, and come to an end', async () => {
    expect(errorOf(await parcel('their cake'))[0]).toBe('FORBIDDEN')
    expect(errorOf(await parcel('for ever'))[0]).toBe('TIMEOUT')
    const { data } = await ask('{ parcels { totalCount } }')
    expect(data.parcels.totalCount).toBe(0)
  })

  test('are those of the tenant where it published some', async () => {
    const text =
      'mutation ($source: String!) { publishScript(input: { name: "scripts/name-parcel", source: $source }) { tenantScript { version } } }'
    const source = "export default ({ input }) => ({ of: input.of + ' of the north' })"
    expect((await ask(text, { source }, as('baker', 'north'))).errors).toEqual([])
    expect((await parcel('bread')).data.createParcel.parcel.of).toBe('bread of the north')
    expect((await parcel('bread', as('seller', 'south'))).data.createParcel.parcel.of).toBe('bread')
  })
})
