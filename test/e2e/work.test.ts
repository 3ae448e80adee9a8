import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'
import { dataFolder, spawnServer } from './support/start-server.ts'

const db = useDatabase({ migrator: 'plain' })
const data = dataFolder()
const acme = '00000000-0000-7000-8000-00000000000a'
const clerk = { roles: ['clerk'], tenant: acme, actor: '00000000-0000-7000-8000-0000000000a1' }
let app: AppCopy
let issuer: Issuer
let env: Record<string, string>

beforeAll(async () => {
  app = await copyApp(db().names.prefix, 'test/fixtures/apps/mailing')
  issuer = await startIssuer()
  env = { ...issuer.env, DATABASE_URL: db().loginUrl, ROWHOUSE_DATA: data.path }
})
afterAll(async () => {
  await issuer.close()
  app.remove()
  data.remove()
})

const add = (subject: string, waitMs = 0) =>
  db().asActor(clerk, async (client) => {
    await client.query('select rowhouse.become_queue()')
    const text =
      "select rowhouse_queue.add_and_return('workers/write-letter', $1, '{}', null, null, 0::smallint, 2::smallint)"
    await client.query(text, [JSON.stringify({ subject, waitMs })])
  })
const asKeeper = async (text: string) => (await db().asRole(db().names.queueKeeper, (c) => c.query(text))).rows
const letters = async () => {
  const { rows } = await db().asActor(clerk, (client) => client.query('select subject from app.letter order by id'))
  return rows.map(({ subject }) => subject)
}
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await sleep(20)
}

test('`rowhouse work` does jobs; SIGTERM lets the running one finish, and leaves nothing behind', async () => {
  const refused = await runRowhouse(['work', app.folder], { env })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('DATABASE_UNMIGRATED') })
  const migrating = { env: { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl } }
  expect(await runRowhouse(['migrate', app.folder], migrating)).toMatchObject({ code: 0 })
  await db().asOwner((client) =>
    client.query("insert into rowhouse.tenant (id, slug, name) values ($1, 'acme', 'Acme')", [acme]),
  )

  const working = spawnServer({ args: ['work', app.folder], env: { ...env, ROWHOUSE_POOL_SIZE: '1' } })
  await working.until(/"event":"working".*\n/)
  await add('First')
  await until(async () => (await letters()).length === 1)

  await add('Second', 8_000)
  await add('Third')
  // Its progress is told behind what it writes.
  await until(async () => (await asKeeper('select 1 from rowhouse_queue.job where progress is not null')).length === 1)
  expect(await working.stop('SIGTERM')).toEqual({ code: 0, signal: null })

  expect(await letters()).toEqual(['First', 'Second'])
  expect(await asKeeper('select input, state, attempts from rowhouse_queue.job')).toEqual([
    { input: { subject: 'Third', waitMs: 0 }, state: 'ready', attempts: 0 },
  ])
  expect(await asKeeper('select id from rowhouse_queue.runner')).toEqual([])
  const events = working
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly event: string })
  expect(events.map(({ event }) => event).filter((event) => event !== 'jobs')).toEqual([
    'working',
    'stopping',
    'stopped',
  ])
  for (const secret of ['Second', 'Third', new URL(db().loginUrl).password])
    expect(working.output()).not.toContain(secret)
})
