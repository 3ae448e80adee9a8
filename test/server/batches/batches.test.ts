import { beforeAll, describe, expect, test } from 'vitest'
import type { DevTokenSubject } from '#server'
import type { Answer } from '../client.ts'
import { absent, as, stranger, useDesk } from './desk.ts'

const desk = useDesk()
let made = 0
const code = () => `C${++made}`

type Who = Partial<DevTokenSubject> | null
type Values = Readonly<Record<string, unknown>>

const shown = '{ name code kind price cost origin note to { city zip } customer { name } tags { nodes { name } } }'

function ask(query: string, variables: object, who: Who = {}): Promise<Answer> {
  return desk().ask(query, variables, who)
}

const createDocs = (rows: readonly Values[], who?: Who) =>
  ask(`mutation ($rows: [DocInput!]!) { createDocs(input: { docs: $rows }) { ids docs ${shown} } }`, { rows }, who)
const updateDocs = (rows: readonly { readonly id: string; readonly patch: Values }[], who?: Who) =>
  ask(`mutation ($rows: [DocChange!]!) { updateDocs(input: { docs: $rows }) { ids docs ${shown} } }`, { rows }, who)
const onDocs = (verb: 'delete' | 'remove' | 'restore', ids: readonly string[], who?: Who) =>
  ask(`mutation ($ids: [UUID!]!) { ${verb}Docs(input: { ids: $ids }) { ids } }`, { ids }, who)

async function id(query: string, values: Values, who?: Who): Promise<string> {
  const { data, errors } = await ask(query, { values }, who)
  expect(errors).toEqual([])
  return (Object.values(data)[0] as { id: string }).id
}
const doc = (values: Values = {}, who?: Who) =>
  id('mutation ($values: DocInput!) { createDoc(input: { doc: $values }) { id } }', { code: code(), ...values }, who)
const customer = (values: Values = {}, who?: Who) =>
  id(
    'mutation ($values: CustomerInput!) { createCustomer(input: { customer: $values }) { id } }',
    { name: 'c', ...values },
    who,
  )
const tag = (name: string, who?: Who) =>
  id('mutation ($values: TagInput!) { createTag(input: { tag: $values }) { id } }', { name }, who)

function rows(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  return desk().database.asOwner(async (client) => {
    await client.query('alter table app.doc no force row level security')
    const found = await client.query(text, [...values])
    await client.query('alter table app.doc force row level security')
    return found.rows
  })
}
const state = (ids: readonly string[]) =>
  rows(
    'select code, name, cost, state, deleted_at is not null as removed from app.doc where id = any ($1) order by code',
    [ids],
  )

type Told = { readonly rows: readonly (Values & { readonly index: number })[]; readonly code: string }
const told = ({ errors }: Answer): Told => {
  expect(errors).toHaveLength(1)
  return errors[0]!.extensions as unknown as Told
}
const briefly = (answer: Answer) => told(answer).rows.map(({ index, code, fields }) => ({ index, code, fields }))

let others: { readonly foreign: string; readonly customer: string; readonly tag: string }
beforeAll(async () => {
  others = {
    foreign: await doc({}, stranger),
    customer: await customer({}, stranger),
    tag: await tag('theirs', stranger),
  }
})

describe('create', () => {
  test('rows in order, each with its own columns, links and parts; defaults where nothing is said', async () => {
    const [zoe, red, blue] = [await customer({ name: 'Zoe' }), await tag('red'), await tag('blue')]
    const codes = [code(), code(), code()]
    const { data, errors } = await createDocs([
      { code: codes[0]!, customerId: zoe, tagIds: [red, blue] },
      { code: codes[1]!, name: 'n', price: '2.50', cost: 3, to: { city: 'Bonn' } },
      { code: codes[2]!, note: null, kind: 'odd', tagIds: [] },
    ])
    expect(errors).toEqual([])
    const usual = { name: 'nameless', kind: 'plain', price: '1.00', cost: 0, origin: 'web', note: null, to: null }
    const none = { customer: null, tags: { nodes: [] } }
    expect(data.createDocs.docs).toEqual([
      { ...usual, code: codes[0], customer: { name: 'Zoe' }, tags: { nodes: [{ name: 'red' }, { name: 'blue' }] } },
      { ...usual, ...none, code: codes[1], name: 'n', price: '2.50', cost: 3, to: { city: 'Bonn', zip: null } },
      { ...usual, ...none, code: codes[2], kind: 'odd' },
    ])
    const found = await rows('select id::text, code from app.doc where id = any ($1) order by code', [
      data.createDocs.ids,
    ])
    expect(found.map((row) => row.id)).toEqual(data.createDocs.ids)
  })

  test('numbers and places follow the order of the rows, and choices of targets are kept', async () => {
    const bills = 'mutation ($rows: [BillInput!]!) { createBills(input: { bills: $rows }) { bills { number amount } } }'
    const { data } = await ask(bills, { rows: [{ amount: 1 }, { amount: 2 }, { amount: 3 }] })
    expect(data.createBills.bills).toEqual([
      { number: 'B-0001', amount: 1 },
      { number: 'B-0002', amount: 2 },
      { number: 'B-0003', amount: 3 },
    ])
    const docId = await doc()
    const pages =
      'mutation ($rows: [PageInput!]!) { createPages(input: { pages: $rows }) { pages { text docPosition } } }'
    const answer = await ask(pages, { rows: [{ docId, text: 'a' }, { docId }, { docId, text: 'c' }] })
    expect(answer.data.createPages.pages).toEqual([
      { text: 'a', docPosition: 1 },
      { text: '', docPosition: 2 },
      { text: 'c', docPosition: 3 },
    ])
    const notes =
      'mutation ($rows: [NoteInput!]!) { createNotes(input: { notes: $rows }) { notes { text subjectDocId subjectCustomerId } } }'
    const customerId = await customer()
    const both = await ask(notes, {
      rows: [
        { text: 'a', subject: { docId } },
        { text: 'b', subject: { customerId } },
      ],
    })
    expect(both.data.createNotes.notes).toEqual([
      { text: 'a', subjectDocId: docId, subjectCustomerId: null },
      { text: 'b', subjectDocId: null, subjectCustomerId: customerId },
    ])
  })

  test('what a rule gives, it gives each row', async () => {
    const { data, errors } = await createDocs([{ code: code() }, { code: code(), name: 'b' }], as('clerk'))
    expect(errors).toEqual([])
    expect(data.createDocs.docs.map(({ origin }: { origin: string }) => origin)).toEqual(['desk', 'desk'])
  })

  test('whoever may create but not read gets the ids', async () => {
    const one = 'mutation ($rows: [WishInput!]!) { createWishes(input: { wishes: $rows }) { ids } }'
    const { data, errors } = await ask(one, { rows: [{ text: code() }, { text: code() }] }, as('clerk'))
    expect(errors).toEqual([])
    expect(data.createWishes.ids).toHaveLength(2)
  })

  test('tells of every row that is refused what it would be told alone, and keeps none', async () => {
    const hidden = await customer({ hidden: true })
    const taken = code()
    await doc({ code: taken })
    const good = [code(), code()]
    const given: Values[] = [
      { code: good[0] },
      { code: taken },
      { code: code(), price: '1.123' },
      { code: code(), cost: 4 },
      { code: code(), state: 'odd' },
      { code: code(), customerId: hidden },
      { code: code(), customerId: others.customer },
      { code: code(), customerId: absent },
      { code: code(), tagIds: [others.tag] },
      { code: code(), name: null },
      { code: code(), origin: 'mine' },
      { code: good[1] },
    ]
    const answer = await createDocs(given, as('clerk'))
    expect(answer.data).toEqual({ createDocs: null })
    expect(briefly(answer)).toEqual([
      { index: 1, code: 'CONFLICT', fields: ['docs.1.code'] },
      { index: 2, code: 'VALIDATION', fields: ['docs.2.price'] },
      { index: 3, code: 'FORBIDDEN', fields: ['docs.3.cost'] },
      { index: 4, code: 'FORBIDDEN', fields: undefined },
      { index: 5, code: 'NOT_FOUND', fields: ['docs.5.customerId'] },
      { index: 6, code: 'NOT_FOUND', fields: ['docs.6.customerId'] },
      { index: 7, code: 'NOT_FOUND', fields: ['docs.7.customerId'] },
      { index: 8, code: 'NOT_FOUND', fields: ['docs.8.tagIds'] },
      { index: 9, code: 'VALIDATION', fields: ['docs.9.name'] },
      { index: 10, code: 'FORBIDDEN', fields: ['docs.10.origin'] },
    ])
    expect(told(answer).code).toBe('CONFLICT')
    expect(await rows('select from app.doc where code = any ($1)', [good])).toEqual([])
    const single = 'mutation ($values: DocInput!) { createDoc(input: { doc: $values }) { id } }'
    for (const { index, ...row } of told(answer).rows) {
      const { message, extensions } = (await ask(single, { values: given[index] }, as('clerk'))).errors[0]!
      const fields = extensions.fields as readonly string[] | undefined
      const placed = fields === undefined ? {} : { fields: fields.map((field) => `docs.${index}.${field}`) }
      expect(row).toEqual({ message, ...extensions, ...placed })
    }
  })

  test('rows inside of rows are made with them, and refused in an upsert, not passed over', async () => {
    const rows = [{ code: code() }, { code: code(), pages: { create: [{ text: 'a' }] } }]
    expect((await createDocs(rows)).errors).toEqual([])
    const upsert = 'mutation ($rows: [DocInput!]!) { upsertDocs(input: { by: CODE, docs: $rows }) { ids } }'
    const answer = await ask(upsert, { rows })
    expect(briefly(answer)).toEqual([{ index: 1, code: 'VALIDATION', fields: ['docs.1.pages'] }])
  })

  test('a rule that counts rows counts those of the batch', async () => {
    const room = (name: string) =>
      id('mutation ($values: RoomInput!) { createRoom(input: { room: $values }) { id } }', { name })
    const [one, two] = [await room('one'), await room('two')]
    const seats = 'mutation ($rows: [SeatInput!]!) { createSeats(input: { seats: $rows }) { ids } }'
    const twice = await ask(seats, {
      rows: [
        { name: 'a', roomId: one },
        { name: 'b', roomId: one },
      ],
    })
    expect(told(twice).rows).toMatchObject([{ index: 1, code: 'FORBIDDEN', rule: { title: 'one seat a room' } }])
    const once = await ask(seats, {
      rows: [
        { name: 'a', roomId: one },
        { name: 'b', roomId: two },
      ],
    })
    expect(once.errors).toEqual([])
  })

  test('takes 1,000 rows, and not one more', async () => {
    const many = Array.from({ length: 1001 }, () => ({ text: code() }))
    const wishes = 'mutation ($rows: [WishInput!]!) { createWishes(input: { wishes: $rows }) { ids } }'
    const answer = await ask(wishes, { rows: many })
    expect(answer.errors[0]?.extensions).toEqual({ code: 'LIMIT', fields: ['wishes'] })
    const { data } = await ask(wishes, { rows: many.slice(1) })
    expect(data.createWishes.ids).toHaveLength(1000)
    const both = `mutation ($rows: [WishInput!]!) {
      a: createWishes(input: { wishes: $rows }) { ids }
      b: createWishes(input: { wishes: $rows }) { ids }
    }`
    const twice = await ask(both, { rows: Array.from({ length: 501 }, () => ({ text: code() })) })
    expect(twice.errors[0]?.extensions.code).toBe('LIMIT')
    expect(await ask(wishes, { rows: [] })).toMatchObject({ data: { createWishes: { ids: [] } }, errors: [] })
  })

  test('a request adds a thousand links at most, also by rows without others inside', async () => {
    const tag = await ask('mutation { createTag(input: { tag: { name: "much" } }) { id } }', {})
    const tagIds = Array.from({ length: 600 }, () => tag.data.createTag.id)
    const docs = (query: string) =>
      ask(query, {
        docs: [
          { code: 'L1', tagIds },
          { code: 'L2', tagIds },
        ],
      })
    for (const query of [
      'mutation ($docs: [DocInput!]!) { createDocs(input: { docs: $docs }) { ids } }',
      'mutation ($docs: [DocInput!]!) { upsertDocs(input: { by: CODE, docs: $docs }) { ids } }',
    ])
      expect((await docs(query)).errors.map(({ extensions }) => extensions.code)).toEqual(['LIMIT'])
  })

  test('links and unlinks no more of them, in all of its mutations', async () => {
    const made = await ask(
      `mutation { createTag(input: { tag: { name: "many" } }) { id } createDoc(input: { doc: { code: "${code()}" } }) { id } }`,
      {},
    )
    const tagIds = Array.from({ length: 600 }, () => made.data.createTag.id)
    const input = '(input: { docId: $docId, tagIds: $tagIds }) { doc { id } }'
    const query = (body: string) => ask(`mutation ($docId: UUID!, $tagIds: [UUID!]!) { ${body} }`, { docId, tagIds })
    const docId = made.data.createDoc.id
    expect((await query(`linkDocTags${input}`)).errors).toEqual([])
    const both = await query(`unlinkDocTags${input} linkDocTags${input}`)
    expect(both.data).toBeNull()
    expect(both.errors.map(({ extensions }) => extensions.code)).toContain('LIMIT')
    tagIds.push(...tagIds)
    expect((await query(`linkDocTags${input}`)).errors.map(({ extensions }) => extensions.code)).toEqual(['LIMIT'])
  })

  test('hashes a few secrets, never a thousand', async () => {
    const two = [
      { code: code(), pin: '1234' },
      { code: code(), pin: '1234' },
    ]
    const query = 'mutation ($rows: [DocInput!]!) { createDocs(input: { docs: $rows }) { docs { pinIsSet } } }'
    const { data, errors } = await ask(query, { rows: two })
    expect(errors).toEqual([])
    expect(data.createDocs.docs).toEqual([{ pinIsSet: true }, { pinIsSet: true }])
    const many = Array.from({ length: 21 }, () => ({ code: code(), pin: '1234' }))
    expect((await ask(query, { rows: many })).errors[0]?.extensions).toEqual({ code: 'LIMIT', fields: ['pin'] })
  })

  test('hashes no more by several mutations', async () => {
    const eleven = () => Array.from({ length: 11 }, () => ({ code: code(), pin: '1234' }))
    const query = `mutation ($one: [DocInput!]!, $two: [DocInput!]!, $doc: DocInput!) {
      one: createDocs(input: { docs: $one }) { ids }
      two: createDocs(input: { docs: $two }) { ids }
      doc: createDoc(input: { doc: $doc }) { id }
    }`
    const { errors } = await ask(query, { one: eleven(), two: eleven(), doc: { code: code() } })
    expect(errors.map(({ extensions }) => extensions.code)).toContain('LIMIT')
    const many = Array.from(
      { length: 21 },
      (_, at) => `m${at}: createDoc(input: { doc: { code: "${code()}", pin: "1234" } }) { id }`,
    )
    expect((await ask(`mutation { ${many.join(' ')} }`, {})).errors.map(({ extensions }) => extensions.code)).toContain(
      'LIMIT',
    )
    const { errors: none } = await ask(`mutation { ${many.slice(1).join(' ')} }`, {})
    expect(none).toEqual([])
  })
})

describe('update', () => {
  test('each row its own columns, order kept', async () => {
    const ids = [await doc(), await doc({ to: { city: 'Bonn', zip: '1' } }), await doc()]
    const { data, errors } = await updateDocs([
      { id: ids[2]!, patch: { name: 'c', cost: 5 } },
      { id: ids[0]!, patch: { name: 'a' } },
      { id: ids[1]!, patch: { to: { city: 'Köln' } } },
    ])
    expect(errors).toEqual([])
    expect(data.updateDocs.ids).toEqual([ids[2], ids[0], ids[1]])
    expect(data.updateDocs.docs).toMatchObject([
      { name: 'c', cost: 5 },
      { name: 'a' },
      { to: { city: 'Köln', zip: '1' } },
    ])
  })

  test('rows may leave the sight of whoever changes them, and come back as null', async () => {
    const ids = [await doc(), await doc(), await doc()]
    const { data, errors } = await updateDocs(
      [
        { id: ids[0]!, patch: { secret: true, name: 'x' } },
        { id: ids[1]!, patch: { name: 'y' } },
        { id: ids[2]!, patch: { secret: true, name: 'z' } },
      ],
      as('clerk'),
    )
    expect(errors).toEqual([])
    expect(data.updateDocs).toMatchObject({ ids, docs: [null, { name: 'y' }, null] })
    expect((await state(ids)).map(({ name }) => name)).toEqual(['x', 'y', 'z'])
  })

  test('hidden rows, those of others and absent ones are missing alike; guarded fields and denies are told; nothing is changed', async () => {
    const blocked = await customer({ blocked: true })
    const [good, hidden, guarded, denied, closed] = [
      await doc(),
      await doc({ secret: true }),
      await doc(),
      await doc({ customerId: blocked }),
      await doc({ state: 'closed' }),
    ]
    const ids = [good, hidden, others.foreign, absent, guarded, denied, closed]
    const patches: Values[] = ids.map((_, at) => (at === 4 ? { cost: 9 } : { name: 'changed' }))
    const answer = await updateDocs(
      ids.map((each, at) => ({ id: each, patch: patches[at]! })),
      as('clerk'),
    )
    expect(briefly(answer)).toEqual([
      ...[1, 2, 3].map((index) => ({ index, code: 'NOT_FOUND', fields: undefined })),
      { index: 4, code: 'FORBIDDEN', fields: ['docs.4.cost'] },
      { index: 5, code: 'FORBIDDEN', fields: undefined },
      { index: 6, code: 'FORBIDDEN', fields: undefined },
    ])
    const [one, two, three, , five] = told(answer).rows
    expect(five?.rule).toEqual({ title: 'blocked customers are left alone', because: 'Ask the bank.' })
    for (const each of [two, three]) expect({ ...each, index: 0 }).toEqual({ ...one, index: 0 })
    expect((await state(ids)).filter(({ name, cost }) => name === 'changed' || cost === 9)).toEqual([])
    const single = 'mutation ($id: UUID!, $patch: DocPatch!) { updateDoc(input: { id: $id, patch: $patch }) { id } }'
    for (const { index, ...row } of told(answer).rows) {
      const { errors } = await ask(single, { id: ids[index], patch: patches[index] }, as('clerk'))
      const { message, extensions } = errors[0]!
      const fields = extensions.fields as readonly string[] | undefined
      const placed = fields === undefined ? {} : { fields: fields.map((field) => `docs.${index}.${field}`) }
      expect(row).toEqual({ message, ...extensions, ...placed })
    }
  })

  test('as it was read, where the caller says so', async () => {
    const ids = [await doc(), await doc()]
    const read = await ask('query ($id: UUID!) { doc(id: $id) { updatedAt } }', { id: ids[0] })
    const ifUpdatedAt = read.data.doc.updatedAt
    const query = 'mutation ($rows: [DocChange!]!) { updateDocs(input: { docs: $rows }) { ids } }'
    const changes = [
      { id: ids[0], ifUpdatedAt, patch: { name: 'a' } },
      { id: ids[1], ifUpdatedAt: '2020-01-01T00:00:00Z', patch: { name: 'b' } },
    ]
    expect(told(await ask(query, { rows: changes })).rows).toMatchObject([{ index: 1, code: 'STALE' }])
    expect((await ask(query, { rows: changes.slice(0, 1) })).data).toEqual({ updateDocs: { ids: [ids[0]] } })
    expect((await ask(query, { rows: changes.slice(0, 1) })).errors[0]?.extensions.code).toBe('STALE')
  })

  test('a row twice is told by both its places', async () => {
    const [one, two] = [await doc(), await doc()]
    const answer = await updateDocs([
      { id: one, patch: { name: 'a' } },
      { id: two, patch: {} },
      { id: one.toUpperCase(), patch: { name: 'b' } },
    ])
    expect(told(answer).rows).toMatchObject([
      { index: 0, code: 'VALIDATION', same: [0, 2] },
      { index: 1, code: 'VALIDATION' },
      { index: 2, code: 'VALIDATION', same: [0, 2] },
    ])
  })
})

describe('delete, remove and restore', () => {
  test('all at once', async () => {
    const ids = [await doc(), await doc()]
    expect((await onDocs('remove', ids, as('clerk'))).data).toEqual({ removeDocs: { ids } })
    expect((await state(ids)).map(({ removed }) => removed)).toEqual([true, true])
    expect((await onDocs('restore', ids, as('clerk'))).data).toEqual({ restoreDocs: { ids } })
    expect((await onDocs('delete', ids, as('clerk'))).data).toEqual({ deleteDocs: { ids } })
    expect(await state(ids)).toEqual([])
  })

  test.each(['delete', 'remove', 'restore'] as const)('%s is refused whole', async (verb) => {
    const blocked = await customer({ blocked: true })
    const ids = [
      await doc(),
      await doc({ secret: true }),
      await doc({ customerId: blocked }),
      await doc({ state: 'closed' }),
    ]
    if (verb === 'restore')
      await rows('update app.doc set deleted_at = now() where id = any ($1)', [ids]).catch(() => [])
    const before = await state(ids)
    const answer = await onDocs(verb, [...ids, others.foreign, absent], as('clerk'))
    const found = briefly(answer)
    expect(found.filter(({ code }) => code === 'NOT_FOUND').map(({ index }) => index)).toEqual(
      expect.arrayContaining([1, 4, 5]),
    )
    expect(told(answer).rows.find(({ index }) => index === 2)).toMatchObject({
      code: 'FORBIDDEN',
      message: 'Ask the bank.',
    })
    expect(await state(ids)).toEqual(before)
  })
})

test('keys of several fields', async () => {
  const roomId = await id('mutation ($values: RoomInput!) { createRoom(input: { room: $values }) { id } }', {
    name: 'r',
  })
  const [one, two] = [
    { roomId, hour: 1 },
    { roomId, hour: 2 },
  ]
  const keys = 'keys { roomId hour }'
  const create = `mutation ($rows: [SlotInput!]!) { createSlots(input: { slots: $rows }) { ${keys} slots { text } } }`
  const created = await ask(create, { rows: [one, { ...two, text: 'taken' }] })
  expect(created.errors).toEqual([])
  expect(created.data.createSlots).toEqual({ keys: [one, two], slots: [{ text: 'free' }, { text: 'taken' }] })
  const update = `mutation ($rows: [SlotChange!]!) { updateSlots(input: { slots: $rows }) { ${keys} slots { text } } }`
  const updated = await ask(update, {
    rows: [
      { ...two, patch: { text: 'b' } },
      { ...one, patch: { text: 'a' } },
    ],
  })
  expect(updated.data).toEqual({ updateSlots: { keys: [two, one], slots: [{ text: 'b' }, { text: 'a' }] } })
  const upsert = `mutation ($rows: [SlotInput!]!) { upsertSlots(input: { by: ROOM_AND_HOUR, slots: $rows }) { ${keys} } }`
  const upserted = await ask(upsert, {
    rows: [
      { roomId, hour: 3 },
      { ...one, text: 'c' },
    ],
  })
  expect(upserted.data).toEqual({ upsertSlots: { keys: [{ roomId, hour: 3 }, one] } })
  const remove = `mutation ($keys: [SlotKeyInput!]!) { deleteSlots(input: { keys: $keys }) { ${keys} } }`
  expect(told(await ask(remove, { keys: [one, two, one] })).rows).toMatchObject([{ index: 0 }, { index: 2 }])
  expect((await ask(remove, { keys: [one, two] })).data).toEqual({ deleteSlots: { keys: [one, two] } })
})

describe('unique values that rows exchange', () => {
  const two = async () => {
    const [a, b] = [code(), code()]
    return { a, b, ids: [await doc({ code: a, mail: `${a}@x` }), await doc({ code: b, mail: `${b}@x` })] as const }
  }
  const codes = async (ids: readonly string[]) => {
    const found = await rows('select id, code from app.doc where id = any ($1)', [ids])
    return ids.map((each) => found.find(({ id }) => id === each)?.code)
  }

  test('are a CONFLICT at both of them, by name, and nothing is changed', async () => {
    const { a, b, ids } = await two()
    const swapped = await updateDocs([
      { id: ids[0], patch: { code: b, name: 'new' } },
      { id: ids[1], patch: { code: a } },
    ])
    expect(briefly(swapped)).toEqual([
      { index: 0, code: 'CONFLICT', fields: ['docs.0.code'] },
      { index: 1, code: 'CONFLICT', fields: ['docs.1.code'] },
    ])
    expect(await codes(ids)).toEqual([a, b])
    const upserted = await ask(
      'mutation ($rows: [DocInput!]!) { upsertDocs(input: { by: CODE, docs: $rows }) { ids } }',
      {
        rows: [
          { code: a, mail: `${b}@x` },
          { code: b, mail: `${a}@x` },
        ],
      },
    )
    expect(briefly(upserted)).toEqual([
      { index: 0, code: 'CONFLICT', fields: ['docs.0.mail'] },
      { index: 1, code: 'CONFLICT', fields: ['docs.1.mail'] },
    ])
  })

  test('move along where each is free when its turn comes', async () => {
    const { a, b, ids } = await two()
    const free = code()
    const moved = await updateDocs([
      { id: ids[1], patch: { code: free } },
      { id: ids[0], patch: { code: b, name: 'other columns too' } },
    ])
    expect(moved.errors).toEqual([])
    expect(await codes(ids)).toEqual([b, free])
    const made = await doc({ code: a })
    expect(await codes([made])).toEqual([a])
  })

  test('are exchanged in three steps of one request, or not at all', async () => {
    const { a, b, ids } = await two()
    const update = (name: string, id: string, to: string) =>
      `${name}: updateDoc(input: { id: "${id}", patch: { code: "${to}" } }) { id }`
    const steps = [update('out', ids[0], code()), update('over', ids[1], a), update('in', ids[0], b)]
    expect((await ask(`mutation { ${steps.join(' ')} }`, {})).errors).toEqual([])
    expect(await codes(ids)).toEqual([b, a])
    const failing = [update('out', ids[0], code()), update('over', ids[1], b), update('in', ids[0], b)]
    const { errors } = await ask(`mutation { ${failing.join(' ')} }`, {})
    expect(errors.map(({ extensions }) => [extensions.code, extensions.fields])).toEqual([
      ['CONFLICT', ['code']],
      ['ROLLED_BACK', undefined],
      ['ROLLED_BACK', undefined],
    ])
    expect(await codes(ids)).toEqual([b, a])
  })
})
