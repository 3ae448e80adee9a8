import type pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { isSomebodyWaiting } from '../support/lock-waits.ts'
import { dispatchApp, eventsIn } from './dispatch-app.ts'

const app = useWrittenServer(
  {
    ...dispatchApp,
    'subscribers/tell.ts': "export default on(['Order.created', 'Order.updated'], () => {}, { retries: 1 })",
    'subscribers/count.ts': "export default on('Order.updated', () => {})",
  },
  ['admin'],
)

interface QueuedJob {
  readonly id: string
  readonly task: string
  readonly tenant_id: string | null
  readonly actor_id: string | null
  readonly as_role: string | null
  readonly state: string
  readonly max_attempts: number
  readonly input: { readonly event: { readonly id: string; readonly type: string; readonly data: { values: object } } }
}

const asKeeper = <T>(task: (client: pg.Client) => Promise<T>) =>
  app().database.asRole(app().database.names.queueKeeper, task)

const jobs = async (task?: string): Promise<readonly QueuedJob[]> => {
  const text = 'select * from rowhouse_queue.job where $1::text is null or task = $1 order by created_at, id'
  return (await asKeeper((client) => client.query<QueuedJob>(text, [task ?? null]))).rows
}

const states = async (task: string) => (await jobs(task)).map(({ state, input }) => `${input.event.type} ${state}`)

/** As whoever ran the job does, whatever came of it. */
const settle = (id: string) => asKeeper((client) => client.query('delete from rowhouse_queue.job where id = $1', [id]))

beforeEach(() => asKeeper((client) => client.query('delete from rowhouse_queue.job')))

async function create(more: object = {}, subject: object = {}): Promise<string> {
  const text = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  const { data, errors } = await app().ask(text, { order: { title: 'a', ...more } }, subject)
  expect(errors).toEqual([])
  return data.createOrder.id
}

async function update(id: string, title: string): Promise<void> {
  const text = 'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }'
  expect((await app().ask(text, { id, patch: { title } })).errors).toEqual([])
}

const updateText = (id: string, title: string) => `update app."order" set title = '${title}' where id = '${id}'`
const asAnn = <T>(task: (client: pg.Client) => Promise<T>) =>
  app().database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, task)

describe('an event', () => {
  test('comes with the jobs of its subscribers, in the name of who caused it', async () => {
    const id = await create()
    const [event] = await eventsIn(app().database, id)
    const [job, ...others] = await jobs()
    expect(others).toEqual([])
    expect(job).toMatchObject({
      task: 'subscribers/tell',
      tenant_id: acme,
      actor_id: ann,
      state: 'ready',
      max_attempts: 2,
    })
    expect(job!.as_role).toMatch(/_set_/)
    expect(job!.input.event).toEqual({
      id: event!.id,
      tenant: acme,
      entity: 'Order',
      type: 'created',
      key: id,
      revision: Number(event!.revision),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      actor: ann,
      data: event!.data,
      version: 1,
    })
  })

  test('of what is rolled back sends nothing', async () => {
    const id = await create()
    const before = await jobs()
    await asAnn(async (client) => {
      await client.query(updateText(id, 'b'))
      await client.query('rollback')
    })
    expect(await jobs()).toEqual(before)
  })

  test('of a row waits for the one before, for each subscriber by itself', async () => {
    const id = await create()
    await update(id, 'b')
    await update(id, 'c')
    await create()
    expect(await states('subscribers/tell')).toEqual(['created ready', 'updated held', 'updated held', 'created ready'])
    expect(await states('subscribers/count')).toEqual(['updated ready', 'updated held'])
    await settle((await jobs('subscribers/tell'))[0]!.id)
    expect(await states('subscribers/tell')).toEqual(['updated ready', 'updated held', 'created ready'])
    await settle((await jobs('subscribers/tell'))[0]!.id)
    expect(await states('subscribers/tell')).toEqual(['updated ready', 'created ready'])
  })

  test('is never left behind: whoever ends the one before waits for who comes after', async () => {
    const id = await create()
    const [first] = await jobs('subscribers/tell')
    let ended: Promise<unknown> = Promise.resolve()
    await asAnn(async (client) => {
      await client.query(updateText(id, 'b'))
      ended = settle(first!.id)
      // The runner waits for this transaction: it sees that its job is wanted behind it.
      await waiting()
    })
    await ended
    expect(await states('subscribers/tell')).toEqual(['updated ready'])
  })

  test('that comes while the one before is being ended waits and finds it gone', async () => {
    const id = await create()
    const [first] = await jobs('subscribers/tell')
    let changed: Promise<unknown> = Promise.resolve()
    await asKeeper(async (client) => {
      await client.query('delete from rowhouse_queue.job where id = $1', [first!.id])
      changed = asAnn((other) => other.query(updateText(id, 'b')))
      await waiting()
    })
    await changed
    expect(await states('subscribers/tell')).toEqual(['updated ready'])
  })

  test('of another tenant than the caller is handed over in nobody’s name', async () => {
    const text = 'mutation { createCountry(input: { country: { code: "XX", name: "x" } }) { code } }'
    await app().ask(text)
    await create({ countryId: 'XX' }, { tenant: globex })
    await asKeeper((client) => client.query('delete from rowhouse_queue.job'))
    await app().ask('mutation { deleteCountry(input: { code: "XX" }) { __typename } }')
    expect((await jobs('subscribers/tell'))[0]).toMatchObject({ tenant_id: globex, actor_id: null, as_role: null })
  })
})

describe('nobody', () => {
  const attempts = [
    ['hands an event over by hand', `select rowhouse_queue.deliver(null, '{"subscribers/tell": 1}')`],
    ['reads what waits', 'select * from rowhouse_queue.delivery'],
    ['lets one go', `update rowhouse_queue.job set state = 'ready'`],
    ['takes one away', 'delete from rowhouse_queue.delivery'],
    ['has one forgotten', 'alter table rowhouse_queue.job disable trigger deliver_next'],
  ] as const

  test.each(attempts)('%s', async (_title, text) => {
    await expect(asAnn((client) => client.query(text))).rejects.toMatchObject({ code: '42501' })
  })
})

/** Resolves when a statement waits for a lock. */
async function waiting(): Promise<void> {
  while (!(await isSomebodyWaiting(app().database.migrator))) await new Promise((done) => setTimeout(done, 20))
}
