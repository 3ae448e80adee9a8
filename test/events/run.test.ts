import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { acme, globex, useCourier } from './courier.ts'

const courier = useCourier()

const make = 'mutation ($token: String!) { createParcel(input: { parcel: { token: $token } }) { id } }'
const change = 'mutation ($id: UUID!, $step: Int!) { updateParcel(input: { id: $id, patch: { step: $step } }) { id } }'

const jobs = () => courier().asKeeper('select task, state from rowhouse_queue.job')
const failed = () => courier().asKeeper('select task, tenant_id, error, input from rowhouse_queue.failed_job')

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20)
}
const idle = () => until(async () => (await jobs()).length === 0)

afterEach(async () => {
  await courier().asKeeper('delete from rowhouse_queue.job')
  await courier().asKeeper('delete from rowhouse_queue.failed_job')
  for (const table of ['note', 'stamp', 'parcel'])
    await courier().database.asOwner((client) => client.query(`delete from app.${table}`))
  await courier().asKeeper('delete from rowhouse_queue.job')
})

describe('a subscriber', () => {
  test('is called with each event of a row once, in order, whatever runs beside it', async () => {
    const { createParcel } = await courier().data(make, { token: 'a' })
    const { id } = createParcel!
    for (let step = 1; step <= 5; step++) await courier().data(change, { id, step })
    const runners = [await courier().start(), await courier().start()]
    for (let step = 6; step <= 10; step++) await courier().data(change, { id, step })
    await idle()
    const notes = (await courier().rows('note')).filter(({ parcel }) => parcel === id)
    expect(notes.map(({ kind }) => kind)).toEqual(['created', ...Array.from({ length: 10 }, () => 'updated')])
    const revisions = notes.map(({ revision }) => Number(revision))
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
    expect(new Set(notes.map(({ event }) => event)).size).toBe(11)
    await Promise.all(runners.map((runner) => runner.close()))
  })

  test('has the rights of who caused the event, or of its service role, and adds jobs in that name', async () => {
    const runner = await courier().start()
    await courier().data(make, { token: 'b' }, { tenant: globex })
    await idle()
    expect(await courier().rows('stamp')).toMatchObject([{ tenant_id: globex, token: 'b' }])
    expect(await courier().rows('note')).toMatchObject([{ tenant_id: globex, by: null }])
    await runner.close()
  })

  test('may do no more than who caused the event', async () => {
    await courier().data(make, { token: 'c' }, { roles: ['guest'] })
    await courier().asKeeper(`update rowhouse_queue.job set max_attempts = 1 where task = 'subscribers/stamp-parcel'`)
    const runner = await courier().start()
    await idle()
    await runner.close()
    // The job that the subscriber added is a guest's as well, who may not stamp.
    expect(await courier().rows('stamp')).toEqual([])
    expect((await failed()).map(({ task }) => task)).toEqual(['workers/stamp'])
  })

  test('that fails for good lets the next event of the row come', async () => {
    const { createParcel } = await courier().data(make, { token: 'broken' })
    const { id } = createParcel!
    await courier().asKeeper(`update rowhouse_queue.job set max_attempts = 2 where task = 'subscribers/stamp-parcel'`)
    const runner = await courier().start()
    await idle()
    expect(await failed()).toMatchObject([
      {
        task: 'subscribers/stamp-parcel',
        tenant_id: acme,
        error: 'This parcel is broken.',
        input: { event: { key: id } },
      },
    ])
    await courier().data(change, { id, step: 1 })
    await idle()
    expect((await courier().rows('note')).map(({ kind }) => kind)).toEqual(['created', 'updated'])
    await runner.close()
  })

  test('is called after an action as after any other change', async () => {
    const { createParcel } = await courier().data(make, { token: 'd' })
    const text = 'mutation ($id: UUID!) { bumpParcel(input: { id: $id, token: "e" }) { __typename } }'
    await courier().data(text, { id: createParcel!.id })
    const runner = await courier().start()
    await idle()
    const [event] = (await courier().rows('note')).filter(({ kind }) => kind === 'updated')
    expect(event).toMatchObject({ parcel: createParcel!.id, tenant_id: acme })
    expect(new Set((await courier().rows('stamp')).map(({ token }) => token))).toEqual(new Set(['d', 'e']))
    await runner.close()
  })
})
