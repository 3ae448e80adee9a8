import { beforeAll, describe, expect, test } from 'vitest'
import { ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { workflowApp, workflowRoles } from './workflow-app.ts'

const app = useWrittenServer(workflowApp, workflowRoles)

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
})

const gilManages = { sub: gil, roles: ['manager'] }

/** An order of Ann's with an item, in a state that it came to by its transitions. */
async function made(values: object = {}, way: readonly string[] = [], subject: object = {}): Promise<string> {
  const text = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  const order = { title: 'bricks', terms: 'cash', items: { create: [{ text: 'one' }] }, ...values }
  const { data, errors } = await app().ask(text, { order }, subject)
  expect(errors).toEqual([])
  for (const verb of way) expect((await act(verb, data.createOrder.id, {}, subject)).errors).toEqual([])
  return data.createOrder.id
}

function act(verb: string, id: string, more: object = {}, subject: object = {}) {
  const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}OrderInput`
  const text = `mutation ($input: ${type}!) { ${verb}Order(input: $input) { id clientMutationId order { status } } }`
  return app().ask(text, { input: { id, ...more } }, subject)
}

function actAll(verb: string, ids: readonly string[], more: object = {}, subject: object = {}) {
  const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}OrdersInput`
  const text = `mutation ($input: ${type}!) { ${verb}Orders(input: $input) { ids orders { id status } } }`
  return app().ask(text, { input: { ids, ...more } }, subject)
}

async function statusOf(id: string): Promise<string> {
  return (await app().ask('query ($id: UUID!) { order(id: $id) { status } }', { id })).data.order.status
}

const codes = ({ errors }: Awaited<ReturnType<typeof act>>) =>
  errors.map(({ message, extensions }) => [extensions.code, message])

describe('one row', () => {
  test('comes to its state, with what was said of it', async () => {
    const id = await made()
    const { data, errors } = await act('place', id, { note: 'by phone', clientMutationId: 'c' }, { roles: ['clerk'] })
    expect(errors).toEqual([])
    expect(data.placeOrder).toEqual({ id, clientMutationId: 'c', order: { status: 'placed' } })
    const history =
      'query ($id: UUID!) { order(id: $id) { statusHistory { nodes { step verb from to note by { name } order { id } } } } }'
    const told = await app().ask(history, { id }, { roles: ['clerk'] })
    expect(told.data.order.statusHistory.nodes).toEqual([
      { step: 1, verb: 'place', from: 'draft', to: 'placed', note: 'by phone', by: { name: 'Ann' }, order: { id } },
    ])
  })

  test('in another state: CONFLICT, which names it', async () => {
    const id = await made({}, ['place'])
    const answer = await act('place', id)
    expect(codes(answer)).toEqual([['CONFLICT', '"place" is not possible: the row is "placed".']])
    expect(answer.errors[0]!.extensions).toMatchObject({ verb: 'place', state: 'placed' })
  })

  test('that its guard refuses: VALIDATION, which names the fields', async () => {
    const id = await made({ terms: null, items: undefined })
    const answer = await act('place', id)
    expect(codes(answer)).toEqual([
      ['VALIDATION', '"place" is not possible: what it asks of "terms" and "itemCount" does not hold.'],
    ])
    expect(answer.errors[0]!.extensions.fields).toEqual(['terms', 'itemCount'])
  })

  test('that its guard refuses by what the caller does not see: no field is named', async () => {
    const id = await made({ credit: -1 }, ['place'])
    expect(codes(await act('approve', id, {}, gilManages))).toEqual([
      ['VALIDATION', '"approve" is not possible: what it asks of the row does not hold.'],
    ])
  })

  test('that a deny keeps: FORBIDDEN, with its reason', async () => {
    const id = await made({ blocked: true }, ['place'])
    expect(codes(await act('approve', id, {}, gilManages))).toEqual([
      ['FORBIDDEN', 'The order is blocked: ask accounting.'],
    ])
  })

  test('that no rule allows: FORBIDDEN', async () => {
    const id = await made({}, ['place'])
    const { errors } = await act('approve', id, {}, { roles: ['manager'] })
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN', rules: ['managers approve what others placed'] })
  })

  test('that the caller may not see, or is of another tenant, or removed: NOT_FOUND, whatever else is wrong', async () => {
    const blocked = await made({ blocked: true })
    const theirs = await made({}, ['place'], { tenant: globex })
    const removed = await made({}, ['place'])
    await app().ask('mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }', { id: removed })
    expect(codes(await act('approve', blocked, {}, { roles: ['stranger'] }))[0]![0]).toBe('NOT_FOUND')
    for (const id of [theirs, removed, ann]) expect(codes(await act('approve', id))[0]![0]).toBe('NOT_FOUND')
  })

  test('that was changed since: STALE', async () => {
    const id = await made()
    const { data } = await app().ask('query ($id: UUID!) { order(id: $id) { updatedAt } }', { id })
    await app().ask('mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { title: "x" } }) { id } }', { id })
    expect(codes(await act('place', id, { ifUpdatedAt: data.order.updatedAt }))[0]![0]).toBe('STALE')
    expect(await statusOf(id)).toBe('draft')
  })

  test('is brought there once for a key', async () => {
    const id = await made()
    const once = { idempotencyKey: `place-${id}` }
    expect((await act('place', id, once)).errors).toEqual([])
    expect((await act('place', id, once)).errors).toEqual([])
    const { data } = await app().ask('query ($id: UUID!) { order(id: $id) { statusHistory { totalCount } } }', { id })
    expect(data.order.statusHistory.totalCount).toBe(1)
  })

  test('asked for by two at once: one wins, the other one is told', async () => {
    const id = await made({}, ['place'])
    const answers = await Promise.all([act('approve', id), act('approve', id, {}, gilManages)])
    expect(answers.flatMap(codes)).toEqual([['CONFLICT', '"approve" is not possible: the row is "approved".']])
  })

  test('is shown anew, as the caller sees it', async () => {
    const id = await made({ title: 'for strangers' }, ['place'])
    const { data, errors } = await act('approve', id, {}, { roles: ['stranger'] })
    expect(errors).toEqual([])
    expect(data.approveOrder.order).toEqual({ status: 'approved' })
  })
})

describe('several rows', () => {
  test('come to their state', async () => {
    const ids = [await made({}, ['place']), await made({}, ['place'])]
    const { data, errors } = await actAll('approve', ids, { note: 'all fine' }, gilManages)
    expect(errors).toEqual([])
    expect(data.approveOrders).toEqual({ ids, orders: ids.map((id) => ({ id, status: 'approved' })) })
    const notes = '{ orderTransitions(filter: { note: { equalTo: "all fine" } }) { nodes { verb order { id } } } }'
    const told = await app().ask(notes)
    expect(told.data.orderTransitions.nodes).toHaveLength(2)
  })

  test('none of them where one is refused; each that is refused is told', async () => {
    const [fine, draft, poor, blocked] = [
      await made({}, ['place']),
      await made(),
      await made({ credit: -1 }, ['place']),
      await made({ blocked: true }, ['place']),
    ]
    const { errors } = await actAll('approve', [fine, draft, ann, poor, blocked], {}, gilManages)
    const rows = errors[0]!.extensions.rows as readonly { index: number; code: string }[]
    expect(rows.map(({ index, code }) => [index, code])).toEqual([
      [1, 'CONFLICT'],
      [2, 'NOT_FOUND'],
      [3, 'VALIDATION'],
      [4, 'FORBIDDEN'],
    ])
    expect(await statusOf(fine)).toBe('placed')
  })

  test('are each in it once', async () => {
    const id = await made()
    expect(codes(await actAll('place', [id, id]))[0]![0]).toBe('VALIDATION')
    expect(await statusOf(id)).toBe('draft')
  })
})

test('nobody has a mutation whose verb no rule allows, and nobody writes a status or a transition', async () => {
  const id = await made()
  for (const text of [
    `mutation { updateOrder(input: { id: "${id}", patch: { status: placed } }) { id } }`,
    'mutation { createOrder(input: { order: { title: "x", status: placed } }) { id } }',
    'mutation { createOrderTransition(input: {}) { clientMutationId } }',
    'mutation { deleteOrderTransition(input: {}) { clientMutationId } }',
  ])
    expect((await app().ask(text)).errors.length).toBeGreaterThan(0)
  expect(await statusOf(id)).toBe('draft')
})
