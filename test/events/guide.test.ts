import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { readBlocks } from '../docs/read-document.ts'
import { acme, ann, useWrittenServer } from '../options/written-server.ts'
import { withApp } from '../schema/written-app.ts'

const blocks = readBlocks('docs/guide/behaviour/events.md')
const files = Object.fromEntries(
  blocks.flatMap(({ marks, text }) => (marks.file === undefined ? [] : [[marks.file, text]])),
)
const app = useWrittenServer(files, ['binder', 'office'])

test('the guide binds a book, which is billed once', async () => {
  const asBinder = { roles: ['binder'] }
  const make = 'mutation { createBook(input: { book: { title: "Bees", phone: "0228 1" } }) { id } }'
  const { id } = (await app().ask(make, {}, asBinder)).data.createBook
  const bind = 'mutation ($id: UUID!) { bindBook(input: { id: $id, note: "In red." }) { __typename } }'
  expect((await app().ask(bind, { id }, asBinder)).errors).toEqual([])
  const { model, database } = app()
  const queued = await database.asRole(database.names.queueKeeper, (client) =>
    client.query('select input from rowhouse_queue.job'),
  )
  const shown = JSON.parse(blocks.find(({ language }) => language === 'json')!.text)
  const { event } = queued.rows[0].input
  expect(event).toEqual({
    ...shown,
    ...{
      id: expect.any(String),
      key: id,
      revision: expect.any(Number),
      at: expect.any(String),
      tenant: acme,
      actor: ann,
    },
  })
  const said: string[] = []
  const work = await withApp(files, (folder) => loadWork(model, folder))
  const connection = { names: database.names, databaseUrl: database.loginUrl }
  const runner = await startAppRunner({ model, work, ...connection, concurrency: 2, say: (line) => said.push(line) })
  while (said.length === 0) await sleep(20)
  const bills = async () =>
    (await app().ask('{ bills { nodes { event book } } }', {}, { roles: ['office'] })).data.bills.nodes
  while ((await bills()).length === 0) await sleep(20)
  await runner.close()
  expect(await bills()).toEqual([{ event: event.id, book: 'Bees' }])
  expect(said[0]).toContain('billed, as bind was done')
})
