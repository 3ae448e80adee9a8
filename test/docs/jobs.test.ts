import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { enqueueWork } from '../../server/jobs/enqueue-work.ts'
import { acme, mailingFolder, sam, useMailing } from '../server/jobs/mailing.ts'
import { serveApp } from '../support/served-app.ts'
import { readBlocks } from './read-document.ts'

/** Files of the fixture whose jobs test/server/jobs runs, and requests of whoever manages those that failed. */
const all = readBlocks('docs/guide/behaviour/jobs.md')
const blocks = all.filter(({ marks }) => marks.file !== undefined)
const mailing = useMailing()

test('there are some', () => expect(blocks.length).toBe(5))

test.each(blocks)('$place is a file of the app that the tests run', ({ text, marks }) => {
  const file = readFileSync(`test/fixtures/apps/mailing/${marks.file}`, 'utf8')
  if (marks.part === undefined) expect(file).toBe(text)
  else expect(file).toContain(text)
})

test('the failed job of the guide is listed, edited, replayed and done, and another one discarded', async () => {
  const { model, database, work } = mailing()
  const runner = await mailing().start()
  const served = await serveApp(model, database, { appFolder: mailingFolder })
  const mia = '00000000-0000-7000-8000-0000000000a2'
  const ask = async (run: string, variables: object = {}, roles = ['head']) => {
    const text = all.find(({ marks }) => marks.run === run)!.text
    const { data, errors } = await served.ask({ sub: mia, tenant: acme, roles }, text, variables)
    expect(errors).toEqual([])
    return data
  }
  const failed = async () => (await ask('list', {}, ['manager'])).failedJobs.nodes
  const fail = async (to: string) => {
    const id = await mailing().during((client) =>
      enqueueWork(client, work, { task: 'workers/mail-letter', input: { to } }),
    )
    while ((await failed()).every((each: { id: string }) => each.id !== id)) await sleep(20)
    return id
  }
  try {
    const id = await fail('sam')
    expect(await failed()).toMatchObject([
      { id, input: { to: 'sam' }, error: '"sam" is no address.', causedBy: sam, editedBy: null, eventId: null },
    ])
    const { editFailedJob } = await ask('edit', { id })
    expect(editFailedJob.failedJob).toMatchObject({ input: { to: 'sam@acme.example' }, causedBy: sam, editedBy: mia })
    expect(await ask('replay', { id })).toEqual({ replayFailedJob: { id } })
    while ((await mailing().letters()).length === 0) await sleep(20)
    expect(await mailing().letters()).toEqual([{ subject: 'To sam@acme.example', body: mia }])
    const other = await fail('nobody')
    expect(await ask('discard', { ids: [other] })).toEqual({ discardFailedJobs: { ids: [other] } })
    expect(await failed()).toEqual([])
  } finally {
    await served.close()
    await runner.close()
  }
})
