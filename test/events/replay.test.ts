import { beforeEach, describe, expect, test } from 'vitest'
import { type ReplayOptions, replayEvents, sweepEvents } from '#migrations'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { dispatchApp, eventsIn } from './dispatch-app.ts'

const app = useWrittenServer(
  {
    ...dispatchApp,
    'subscribers/tell.ts': "export default on(['Order.created', 'Order.updated'], () => {})",
    'subscribers/mail/count.ts': "export default on('Order.updated', () => {})",
  },
  ['admin'],
)

const forget = () =>
  app().database.asRole(app().database.names.queueKeeper, (client) => client.query('delete from rowhouse_queue.job'))

beforeEach(forget)

async function jobs(): Promise<readonly string[]> {
  const { rows } = await app().database.asRole(app().database.names.queueKeeper, (client) =>
    client.query('select task, state, tenant_id, actor_id, as_role, input from rowhouse_queue.job order by id'),
  )
  for (const { tenant_id, actor_id, as_role } of rows)
    expect([tenant_id, actor_id, as_role]).toEqual([
      expect.stringMatching(`${acme}|${globex}`),
      ann,
      expect.stringMatching(/_set_/),
    ])
  return rows.map(({ task, state, input }) => `${task.slice(12)} ${input.event.type} ${state}`)
}

const replay = (options: Partial<ReplayOptions>) => {
  const { model, database } = app()
  const usual = { model, names: database.names, since: null, row: null, subscriber: null, tenant: null }
  return replayEvents(database.migrator, { ...usual, ...options })
}

async function makeChanged(subject: object = {}): Promise<string> {
  const create = 'mutation { createOrder(input: { order: { title: "a" } }) { id } }'
  const { id } = (await app().ask(create, {}, subject)).data.createOrder
  const update = `mutation { updateOrder(input: { id: "${id}", patch: { title: "b" } }) { id } }`
  expect((await app().ask(update, {}, subject)).errors).toEqual([])
  await forget()
  return id
}

describe('events are handed over once more', () => {
  test('of a row, in their order, in the name of who caused them', async () => {
    const id = await makeChanged()
    await makeChanged()
    expect(await replay({ row: { entity: 'Order', key: id } })).toBe(3)
    expect((await jobs()).toSorted()).toEqual(['mail/count updated ready', 'tell created ready', 'tell updated held'])
  })

  test('to one subscriber', async () => {
    const id = await makeChanged()
    expect(await replay({ row: { entity: 'Order', key: id }, subscriber: 'mail/count' })).toBe(1)
    expect(await jobs()).toEqual(['mail/count updated ready'])
  })

  test('since a moment, of all tenants or of one', async () => {
    await makeChanged()
    const since = (await eventsIn(app().database)).at(-1)!.at
    const later = new Date(since.getTime() + 1)
    await makeChanged()
    await makeChanged({ tenant: globex })
    expect(await replay({ since: later, subscriber: 'tell', tenant: 'globex' })).toBe(2)
    await forget()
    expect(await replay({ since: later, subscriber: 'tell' })).toBe(4)
  })

  test('not while they wait already, and behind what does', async () => {
    const id = await makeChanged()
    const row = { entity: 'Order', key: id }
    expect(await replay({ row, subscriber: 'tell' })).toBe(2)
    expect(await replay({ row, subscriber: 'tell' })).toBe(0)
  })

  test.each([
    [{ subscriber: 'tel' }, 'There is no subscriber "tel".'],
    [{ row: { entity: 'Ordr', key: 'x' } }, 'There is no entity "Ordr".'],
    [{ tenant: 'nobody' }, 'There is no tenant "nobody".'],
  ])('not to or of what nobody knows: %j', async (options, message) => {
    await expect(replay(options)).rejects.toMatchObject({ code: 'EVENT_REPLAY_UNKNOWN', message })
  })
})

test('old events are deleted, of one tenant or of all', async () => {
  await makeChanged()
  await makeChanged({ tenant: globex })
  const { database } = app()
  const before = new Date(Date.now() + 60_000)
  const of = async (tenant: string) => (await eventsIn(database)).filter(({ tenant_id }) => tenant_id === tenant).length
  const count = await of(globex)
  expect(await sweepEvents(database.migrator, { names: database.names, tenant: 'globex', before })).toBe(count)
  expect([await of(globex), (await of(acme)) > 0]).toEqual([0, true])
  expect(await sweepEvents(database.migrator, { names: database.names, tenant: null, before: new Date(0) })).toBe(0)
})
