import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AppRunner } from '../../../server/jobs/app-runner.ts'
import { enqueueWork } from '../../../server/jobs/enqueue-work.ts'
import { type ServedApp, serveApp } from '../../support/served-app.ts'
import { acme, globex, type MailingAsker, mailingFolder, sam, useMailing } from './mailing.ts'

const mailing = useMailing()
const mia = '00000000-0000-7000-8000-0000000000a2'
let served: ServedApp
let runner: AppRunner
beforeAll(async () => {
  const { model, database } = mailing()
  served = await serveApp(model, database, { appFolder: mailingFolder })
  runner = await mailing().start()
})
afterEach(async () => {
  await mailing().database.asOwner((client) => client.query('delete from app.letter'))
  for (const table of ['job', 'failed_job']) await mailing().asKeeper(`delete from rowhouse_queue.${table}`)
})
afterAll(async () => {
  await runner?.close()
  await served?.close()
})

interface Who {
  readonly tenant?: string
  readonly roles?: readonly string[]
}

const ask = ({ tenant = acme, roles = ['manager'] }: Who, text: string, variables: object = {}) =>
  served.ask({ sub: mia, tenant, roles }, text, variables)
const data = async (text: string, variables: object = {}, who: Who = {}) => {
  const answer = await ask(who, text, variables)
  expect(answer.errors).toEqual([])
  return answer.data
}
const codeOf = async (who: Who, text: string, variables: object = {}) =>
  (await ask(who, text, variables)).errors[0]?.extensions.code

const fields = 'id name input error attempts createdAt failedAt causedBy editedBy editedAt eventId'
const list = async (who: Who = {}) =>
  (await data(`{ failedJobs { nodes { ${fields} } hasNextPage } }`, {}, who)).failedJobs.nodes
const one = async (id: string, who: Who = {}) =>
  (await data(`query ($id: UUID!) { failedJob(id: $id) { ${fields} } }`, { id }, who)).failedJob
const editing = `mutation ($id: UUID!, $input: JSON!) { editFailedJob(input: { id: $id, input: $input }) { failedJob { ${fields} } } }`
const replaying = 'mutation ($id: UUID!) { replayFailedJob(input: { id: $id }) { id } }'
const discarding = 'mutation ($id: UUID!) { discardFailedJob(input: { id: $id }) { id } }'
const replayingAll = 'mutation ($ids: [UUID!]!) { replayFailedJobs(input: { ids: $ids }) { ids } }'
const discardingAll = 'mutation ($ids: [UUID!]!) { discardFailedJobs(input: { ids: $ids }) { ids } }'

const add = (task: string, input: object, asker: MailingAsker = {}) =>
  mailing().during((client) => enqueueWork(client, mailing().work, { task, input }), asker)
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await sleep(10)
}
const rows = async (table: string, id: string) =>
  await mailing().asKeeper(`select * from rowhouse_queue.${table} where id = $1`, [id])
/** Added, and failed for good. */
const fail = async (task: string, input: object, asker: MailingAsker = {}) => {
  const id = await add(task, input, asker)
  await until(async () => (await rows('failed_job', id)).length === 1)
  return id
}
const idle = () => until(async () => (await mailing().asKeeper('select 1 from rowhouse_queue.job')).length === 0)

describe('a job that failed for good', () => {
  test('is listed, edited, replayed and done', async () => {
    const id = await fail('workers/mail-letter', { to: 'sam' })
    const failed = {
      ...{ id, name: 'workers/mail-letter', input: { to: 'sam' }, error: '"sam" is no address.', attempts: 1 },
      ...{ causedBy: sam, editedBy: null, editedAt: null, eventId: null },
      failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    }
    expect(await list()).toMatchObject([failed])
    expect(await one(id)).toMatchObject(failed)
    const edited = await data(editing, { id, input: { to: 'sam@acme' } }, { roles: ['head'] })
    expect(edited.editFailedJob.failedJob).toMatchObject({
      ...{ input: { to: 'sam@acme' }, causedBy: sam, editedBy: mia, editedAt: expect.any(String) },
    })
    expect(await data(replaying, { id })).toEqual({ replayFailedJob: { id } })
    await idle()
    expect(await list()).toEqual([])
    expect(await mailing().letters()).toEqual([{ subject: 'To sam@acme', body: mia }])
  })

  test('that nobody edited is replayed as who caused it, whoever replays it', async () => {
    const id = await fail('workers/write-letter', { subject: 'Mine' }, { roles: ['reader'] })
    await data(replaying, { id }, { roles: ['head'] })
    await idle()
    // A head may write letters, and a reader may still not.
    expect(await list()).toMatchObject([{ id, attempts: 2, causedBy: sam, editedBy: null }])
    expect(await mailing().letters()).toEqual([])
    const own = await fail('workers/mail-letter', { to: 'x' })
    await mailing().asKeeper(`update rowhouse_queue.failed_job set input = '{"to": "x@y"}' where id = $1`, [own])
    await data(replaying, { id: own })
    await idle()
    expect(await mailing().letters()).toEqual([{ subject: 'To x@y', body: sam }])
  })

  test('is discarded', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    expect(await data(discarding, { id })).toEqual({ discardFailedJob: { id } })
    expect(await one(id)).toBe(null)
    expect(await codeOf({}, discarding, { id })).toBe('NOT_FOUND')
    expect(await codeOf({}, replaying, { id })).toBe('NOT_FOUND')
  })

  test('is read on page by page, the last first', async () => {
    for (const to of ['a', 'b', 'c', 'd', 'e']) await fail('workers/mail-letter', { to })
    const text =
      'query ($after: Cursor) { failedJobs(name: "workers/mail-letter", first: 2, after: $after) { nodes { input } endCursor hasNextPage } }'
    const seen: unknown[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const { failedJobs } = await data(text, { after })
      seen.push(...failedJobs.nodes.map(({ input }: { input: { to: string } }) => input.to))
      ;({ endCursor: after, hasNextPage: more } = failedJobs)
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a'])
    expect((await data('{ failedJobs(name: "workers/tell") { nodes { id } } }')).failedJobs.nodes).toEqual([])
    expect(await codeOf({}, text, { after: 'nonsense' })).toBe('VALIDATION')
  })

  test('goes with others, all or none, and once with a key', async () => {
    const ids = [await fail('workers/mail-letter', { to: 'a' }), await fail('workers/mail-letter', { to: 'b' })]
    const { errors } = await ask({}, discardingAll, { ids: [...ids, sam] })
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(JSON.stringify(errors[0])).toContain('2')
    expect((await list()).length).toBe(2)
    const text = replayingAll.replace('ids: $ids', 'ids: $ids, idempotencyKey: "once"')
    expect(await data(text, { ids })).toEqual({ replayFailedJobs: { ids } })
    await idle()
    expect(await data(text, { ids })).toEqual({ replayFailedJobs: { ids } })
    expect((await list()).map(({ attempts }: { attempts: number }) => attempts)).toEqual([1, 1])
    expect(await data(discardingAll, { ids })).toEqual({ discardFailedJobs: { ids } })
    expect(await list()).toEqual([])
    const many = Array.from({ length: 1001 }, () => sam)
    expect(await codeOf({}, discardingAll, { ids: many })).toBe('LIMIT')
  })

  test('is not read again and again in one request: what it was told may be long', async () => {
    const times = (n: number, field: string) =>
      ask({}, `{ ${Array.from({ length: n }, (_, at) => `a${at}: ${field}`).join(' ')} }`)
    for (const [field, most] of [
      ['failedJobs { nodes { input } }', 1],
      ['failedJobs(first: 10) { nodes { input } }', 19],
    ] as const) {
      expect((await times(most, field)).errors).toEqual([])
      expect((await times(most + 1, field)).errors[0]?.extensions).toMatchObject({ code: 'LIMIT', limit: 'maxRows' })
    }
    const lists = 'l: failedJobs(first: 100) { nodes { input } } m: failedJobs(first: 60) { nodes { input } }'
    const beside = async (n: number) => {
      const ones = Array.from({ length: n }, (_, at) => `a${at}: failedJob(id: "${sam}") { input }`)
      return await ask({}, `{ ${lists} ${ones.join(' ')} }`)
    }
    expect((await beside(30)).errors).toEqual([])
    expect((await beside(45)).errors[0]?.extensions).toMatchObject({ code: 'LIMIT', limit: 'maxRows' })
  })

  test('is not replayed while another one waits that does the same', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    const text = `insert into rowhouse_queue.job (task, tenant_id, claims, input, key, priority, state, run_at, max_attempts)
      values ('workers/mail-letter', $1, '{}', '{}', 'a', 0, 'waiting', now() + interval '1 hour', 1)`
    await mailing().asKeeper(text, [acme])
    expect(await codeOf({}, replaying, { id })).toBe('CONFLICT')
    expect(await one(id)).toMatchObject({ id, error: '"a" is no address.' })
  })
})

describe('is refused', () => {
  test.each([
    ['who writes letters', ['clerk']],
    ['a service', ['robot']],
    ['who has no role', []],
  ])('%s', async (_, roles) => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    for (const text of ['{ failedJobs { nodes { id } } }', `{ failedJob(id: "${id}") { id } }`])
      expect(await codeOf({ roles }, text)).toBe('FORBIDDEN')
    for (const text of [replaying, discarding]) expect(await codeOf({ roles }, text, { id })).toBe('FORBIDDEN')
    expect(await codeOf({ roles }, editing, { id, input: { to: 'a@b' } })).toBe('FORBIDDEN')
    expect(await one(id)).toMatchObject({ input: { to: 'a' } })
  })

  test('a visitor', async () => {
    const { errors } = await served.ask(null, '{ failedJobs { nodes { input } } }')
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('a manager of another tenant, as if there were no such job', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    const other = { tenant: globex }
    expect(await list(other)).toEqual([])
    const answers = async (key: string) => {
      const told = [await one(key, other)]
      for (const text of [replaying, discarding]) told.push((await ask(other, text, { id: key })).errors)
      told.push((await ask(other, editing, { id: key, input: { to: 'a@b' } })).errors)
      return JSON.stringify(told).replaceAll(key, 'KEY')
    }
    expect(await answers(id)).toBe(await answers('00000000-0000-7000-8000-0000000000ff'))
    expect(await answers(id)).toContain('NOT_FOUND')
    expect(await one(id)).toMatchObject({ input: { to: 'a' } })
  })

  test.each([
    ['input that the worker does not take', { to: 'a@b', more: 1 }, 'no input \\"more\\"'],
    ['input without what it needs', {}, '\\"to\\" is missing'],
    ['input that makes no key', { to: '' }, 'is no text of 1 to 500'],
    ['input that is no object', [1], 'no object'],
    ['text that Postgres cannot keep', { to: 'a\0@b' }, 'cannot keep'],
  ])('%s', async (_, input, message) => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    const { errors } = await ask({}, editing, { id, input })
    expect(errors[0]).toMatchObject({ extensions: { code: 'VALIDATION' } })
    expect(JSON.stringify(errors)).toContain(message)
    expect(await one(id)).toMatchObject({ input: { to: 'a' }, editedBy: null })
  })

  test('a replay where its worker is gone', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    await mailing().asKeeper("update rowhouse_queue.failed_job set task = 'workers/old' where id = $1", [id])
    expect(await codeOf({}, replaying, { id })).toBe('VALIDATION')
    expect(await one(id)).toMatchObject({ name: 'workers/old' })
  })
})

describe('words of an editor', () => {
  test('run with the editor’s rights, not with those of who caused the job', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    await data(editing, { id, input: { to: 'mine@all' } })
    await data(replaying, { id }, { roles: ['head'] })
    await idle()
    // Sam may write letters; a manager may not.
    expect(await mailing().letters()).toEqual([])
    expect(await list()).toMatchObject([{ id, causedBy: sam, editedBy: mia, input: { to: 'mine@all' } }])
  })

  test('reach no worker that runs as a service, unless the editor has its role', async () => {
    const id = await fail('workers/announce', { text: 'nothing' }, { roles: ['reader'] })
    for (const roles of [['manager'], ['head']])
      expect(await codeOf({ roles }, editing, { id, input: { text: 'Mine' } })).toBe('FORBIDDEN')
    expect(await one(id)).toMatchObject({ input: { text: 'nothing' }, editedBy: null })
    const both = { roles: ['manager', 'robot'] }
    await data(editing, { id, input: { text: 'Ours' } }, both)
    await data(replaying, { id })
    await idle()
    expect(await mailing().letters()).toEqual([{ subject: 'Ours', body: 'null robot' }])
  })

  test.each([0, 2])('reach none by jobs that an edited one adds, %i in between', async (jobs) => {
    const id = await fail('workers/pass-on', { text: 'nothing', jobs }, { roles: ['reader'] })
    await data(editing, { id, input: { text: 'Mine', jobs } })
    await data(replaying, { id })
    await idle()
    expect(await mailing().letters()).toEqual([])
    expect(await list()).toMatchObject([
      { name: 'workers/announce', input: { text: 'Mine' }, causedBy: mia, editedBy: mia, attempts: 1 },
    ])
    // What nobody edited is the app's own to pass on, and what a robot edited is a robot's.
    await add('workers/pass-on', { text: 'Of the app', jobs }, { roles: ['reader'] })
    await idle()
    const own = await fail('workers/pass-on', { text: 'nothing', jobs })
    await data(editing, { id: own, input: { text: 'Ours', jobs } }, { roles: ['manager', 'robot'] })
    await data(replaying, { id: own })
    await idle()
    expect((await mailing().letters()).map(({ subject }) => subject)).toEqual(['Of the app', 'Ours'])
  })

  test('that came by SQL to a worker that runs as a service are not run', async () => {
    const id = await fail('workers/announce', { text: 'nothing' })
    const text = `select rowhouse_private.edit_failed_job($1, '{"text": "Mine"}', null, '{}')`
    const manager = { roles: ['manager'], tenant: acme, actor: mia }
    await mailing().database.asActor(manager, (client) => client.query(text, [id]))
    await data(replaying, { id })
    await idle()
    expect(await mailing().letters()).toEqual([])
    expect(await list()).toMatchObject([
      { error: 'Who edited the input of "workers/announce" has not the role "robot".' },
    ])
  })

  test('are forgotten where a newer job takes the place of theirs', async () => {
    const id = await fail('workers/mail-letter', { to: 'a' })
    await data(editing, { id, input: { to: 'a@b' } }, { roles: ['head'] })
    // Waits, as if it were not its time.
    await runner.close()
    await data(replaying, { id })
    const again = await add('workers/mail-letter', { to: 'a@b' })
    expect(again).toBe(id)
    expect(await rows('job', id)).toMatchObject([{ actor_id: sam, is_edited: false, caused_by: null }])
    runner = await mailing().start()
    await idle()
    expect(await mailing().letters()).toEqual([{ subject: 'To a@b', body: sam }])
  })
})
