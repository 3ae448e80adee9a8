import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ModelError } from '#base'
import { type AppRunner, startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { as, ledgerFolder as folder, useLedger } from './ledger.ts'

const ledger = useLedger()
const addUp = async (role: string, how: string | null, tenant: 'north' | 'south' = 'north') => {
  const text =
    'mutation ($how: String) { addUp(input: { month: "2026-11", how: $how }) { output { entries as } notes } }'
  return await ledger().ask(as(role, tenant), text, { how })
}
const errorOf = ({ errors }: Awaited<ReturnType<typeof addUp>>) => [errors[0]?.extensions.code, errors[0]?.message]
const asOwner = async (text: string) => (await ledger().database.asOwner((client) => client.query(text))).rows

beforeEach(async () => {
  await asOwner('delete from app.closing')
  await asOwner('update app.entry set is_closed = false')
})

describe('an action of the app that runs a script', () => {
  test('is given input and caller, and no row', async () => {
    const { data, errors } = await addUp('clerk', null)
    expect(errors).toEqual([])
    expect(data.addUp).toEqual({ output: { entries: 2, as: 'nothing by clerk' }, notes: [] })
  })

  test('does other actions of the app, and tells what it raises and what is wrong with its answer', async () => {
    expect((await addUp('accountant', 'close')).data.addUp.output.entries).toBe(2)
    expect(await asOwner('select month from app.closing')).toEqual([{ month: '2026-11' }])
    expect((await addUp('accountant', 'ring')).data.addUp.output.as).toBe('{"told":"It rang."}')
    expect(errorOf(await addUp('clerk', 'raise'))).toEqual(['VALIDATION', 'Nobody can count that.'])
    expect(errorOf(await addUp('clerk', 'wrong'))[1]).toBe(
      '"scripts/add-up": "entries" of its output must be a whole number.',
    )
  })

  test('is the one of the tenant where it published some', async () => {
    const text =
      'mutation ($source: String!) { publishScript(input: { name: "scripts/add-up", source: $source }) { tenantScript { version } } }'
    const source = 'export default () => ({ entries: 99 })'
    expect((await ledger().ask(as('chief', 'south'), text, { source })).errors).toEqual([])
    expect((await addUp('clerk', null, 'south')).data.addUp.output.entries).toBe(99)
    expect((await addUp('clerk', null)).data.addUp.output.entries).toBe(2)
  })
})

describe('an action of the app that runs a worker', () => {
  test('hands over what the worker takes', async () => {
    const { model } = ledger()
    const actions = model.actions!.map((each) => (each.name === 'sendStatements' ? { ...each, input: [] } : each))
    const told = await loadWork({ ...model, actions }, folder).catch((error: ModelError) => error.problems)
    const message = '"sendStatements" of the app hands no "month" over, which "workers/send-statements" needs.'
    expect(told).toMatchObject([{ code: 'WORKER_INVALID', message, at: { file: 'workers/send-statements.ts' } }])
  })

  let runner: AppRunner | undefined
  beforeAll(async () => {
    const { database, model } = ledger()
    const work = await loadWork(model, folder)
    const { loginUrl: databaseUrl, names } = database
    runner = await startAppRunner({ model, work, appFolder: folder, names, databaseUrl, concurrency: 2 })
  })
  afterAll(() => runner?.close())

  const send = async (role: string, month: string, more = '') => {
    const text = `mutation ($month: String!) { sendStatements(input: { month: $month }) { notes } ${more} }`
    return await ledger().ask(as(role), text, { month })
  }

  test('adds a job in its transaction, which does actions of the app in the name of the caller', async () => {
    expect(
      (await send('accountant', '2026-10', 'closeMonth(input: { month: "1999-01" }) { notes }')).errors,
    ).toHaveLength(2)
    const { data, errors } = await send('accountant', '2026-11')
    expect(errors).toEqual([])
    expect(data.sendStatements).toEqual({ notes: [] })
    const sent = () => asOwner("select text, tenant_id::text from app.entry where month = '2027-01'")
    await expect.poll(sent, { timeout: 60_000 }).toEqual([{ text: 'Sent by accountant', tenant_id: as('x').tenant }])
    // The one that was rolled back closed nothing.
    expect(await asOwner('select month from app.closing')).toEqual([{ month: '2026-11' }])
  })

  test('does none there that its caller may not do', async () => {
    const { database } = ledger()
    const text = 'mutation { ringLater(input: {}) { notes } }'
    expect((await ledger().ask(as('clerk'), text)).errors).toEqual([])
    const failed = async () =>
      (
        await database.asRole(database.names.queueKeeper, (client) =>
          client.query('select task, error from rowhouse_queue.failed_job'),
        )
      ).rows
    const job = { task: 'workers/ring-later', error: expect.stringContaining('No rule allows this.') }
    await expect.poll(failed, { timeout: 60_000 }).toEqual([job])
  })
})
