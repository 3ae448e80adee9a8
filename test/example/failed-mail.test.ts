import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type AppRunner, startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { useAppServer } from '../support/app-server.ts'
import { exampleFolder } from '../support/example-server.ts'
import { useMailServer } from './mail-server.ts'
import { acme, people, rows, smallCompany } from './small-company.ts'

const mail = useMailServer()
const app = useAppServer(exampleFolder, smallCompany)
let running: AppRunner | undefined

beforeAll(async () => {
  vi.stubEnv('SMTP_URL', mail().url)
  const { model, database } = app()
  const work = await loadWork(model, exampleFolder)
  const once = new Map([...work].map(([name, each]) => [name, { ...each, backoffSeconds: 0 }] as const))
  running = await startAppRunner({ model, work: once, names: database.names, databaseUrl: database.loginUrl })
})
afterAll(async () => {
  await running?.close()
  vi.unstubAllEnvs()
})

const ask = async (role: string, text: string, variables = {}) =>
  app().ask({ sub: people.ada, tenant: acme, roles: [role] }, text, variables)
const failed = async () => {
  const text =
    '{ failedJobs(name: "subscribers/mail-invoice") { nodes { id name attempts error causedBy eventId input } } }'
  return (await ask('admin', text)).data.failedJobs.nodes
}

test('a mail that the server refused six times is seen, and sent when an admin replays it', async () => {
  const bill = 'mutation ($id: UUID!) { billOrder(input: { id: $id }) { output { id number } } }'
  const { output } = (await ask('admin', bill, { id: rows.order })).data.billOrder
  mail().refuse(6)
  await ask('admin', 'mutation ($id: UUID!) { sendInvoice(input: { id: $id }) { clientMutationId } }', {
    id: output.id,
  })
  await expect.poll(failed, { timeout: 60_000 }).toHaveLength(1)
  const [job] = await failed()
  expect(job).toMatchObject({ name: 'subscribers/mail-invoice', attempts: 6, causedBy: people.ada })
  expect(job.eventId).toBe(job.input.event.id)
  expect(mail().mails).toEqual([])

  const editing =
    'mutation ($id: UUID!) { editFailedJob(input: { id: $id, input: { event: {} } }) { clientMutationId } }'
  expect((await ask('admin', editing, { id: job.id })).errors[0]).toMatchObject({
    message: 'Its input is an event, which happened as it did. Replay or discard it.',
  })
  const replaying = 'mutation ($id: UUID!) { replayFailedJob(input: { id: $id }) { id } }'
  expect((await ask('accountant', replaying, { id: job.id })).errors[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await ask('admin', replaying, { id: job.id })).errors).toEqual([])
  await expect
    .poll(() => mail().mails.map(({ subject }) => subject), { timeout: 60_000 })
    .toEqual([`Invoice ${output.number}`])
  expect(await failed()).toEqual([])
})
