import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { defaultLimits } from '#server'
import { hasWork, JobService } from '../../../cli/jobs/job-service.ts'
import { enqueueWork } from '../../../server/jobs/enqueue-work.ts'
import { mailingFolder, useMailing } from '../../server/jobs/mailing.ts'

const mailing = useMailing()
const open: JobService[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()))
})

async function start(said: string[], reached: { url?: string } = {}): Promise<JobService> {
  const { model, database } = mailing()
  const settings = {
    limits: defaultLimits,
    databasePooling: 'session',
    poolSize: 4,
    secretKeys: null,
    database: { kind: 'external' },
  }
  const plan = {
    model,
    folder: mailingFolder,
    settings: settings as never,
    names: database.names,
    get databaseUrl() {
      return reached.url ?? database.loginUrl
    },
  }
  expect(hasWork(plan)).toBe(true)
  const service = await JobService.open({ plan, say: (line) => said.push(line) })
  open.push(service)
  return service
}

const add = (task: string, input: object = {}) =>
  mailing().during((client) => enqueueWork(client, mailing().work, { task, input }))

test('jobs run in a thread of their own, and go on in another one when a body never lets go of it', async () => {
  const said: string[] = []
  const { names } = await start(said)
  expect(names).toContain('workers/write-letter')
  await add('workers/write-letter', { subject: 'Before' })
  await add('workers/stuck')
  while (!said.some((line) => line.startsWith('A job did not let go'))) await sleep(50)
  await add('workers/write-letter', { subject: 'After' })
  while ((await mailing().letters()).length < 2) await sleep(50)
  expect((await mailing().letters()).map(({ subject }) => subject).toSorted()).toEqual(['After', 'Before'])
})

test('jobs can be ended while their thread is gone and no other one begins', async () => {
  const said: string[] = []
  const reached: { url?: string } = {}
  const service = await start(said, reached)
  reached.url = 'postgres://nobody@127.0.0.1:1/nothing'
  await add('workers/stuck')
  while (!said.some((line) => line.startsWith('Jobs are not run'))) await sleep(50)
  await service.close()
  const told = said.length
  await sleep(1500)
  expect(said.length).toBe(told)
})
