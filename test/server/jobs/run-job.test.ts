import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppRunner } from '../../../server/jobs/app-runner.ts'
import { enqueueWork } from '../../../server/jobs/enqueue-work.ts'
import { acme, globex, mailingFolder, sam, useMailing } from './mailing.ts'

const mailing = useMailing()
const open: AppRunner[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()))
  await mailing().database.asOwner((client) => client.query('delete from app.letter'))
  for (const table of ['job', 'failed_job', 'runner', 'tick'])
    await mailing().asKeeper(`delete from rowhouse_queue.${table}`)
})

async function start(options: Parameters<ReturnType<typeof mailing>['start']>[0] = {}): Promise<AppRunner> {
  const runner = await mailing().start(options)
  open.push(runner)
  return runner
}

const write = (subject: string, more: object = {}, asker: object = {}) =>
  mailing().during(
    (client) => enqueueWork(client, mailing().work, { task: 'workers/write-letter', input: { subject, ...more } }),
    asker,
  )

const jobs = () => mailing().asKeeper('select task, state, attempts, progress from rowhouse_queue.job')
const failed = () =>
  mailing().asKeeper('select task, tenant_id, actor_id, attempts, error from rowhouse_queue.failed_job')

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

describe('a job of a worker', () => {
  test('writes as who caused it, in their tenant, once', async () => {
    const said: string[] = []
    await start({ say: (line) => said.push(line) })
    const id = await write('Hello')
    await until(async () => (await jobs()).length === 0)
    expect(await mailing().letters(acme)).toEqual([{ subject: 'Hello', body: '1' }])
    expect(await mailing().letters(globex)).toEqual([])
    expect(said).toEqual([`workers/write-letter ${id}  written`])
  })

  test('may do no more than who caused it', async () => {
    await start()
    await write('Hello', {}, { roles: ['reader'], tenant: globex })
    await until(async () => (await failed()).length === 1)
    expect(await failed()).toMatchObject([{ tenant_id: globex, actor_id: sam, attempts: 2 }])
    expect(await mailing().letters(globex)).toEqual([])
  })

  test('that runs by the clock has the rights of its service role, in each tenant, and adds jobs', async () => {
    const said: string[] = []
    await write('In Acme')
    const { runner } = await start({ say: (line) => said.push(line.replace(/ .* {2}/, '  ')) })
    await until(async () => (await jobs()).length === 0)
    await runner.queue.addTick('workers/count-letters', new Date(), true, 1)
    await until(async () => said.filter((line) => line.startsWith('workers/tell')).length === 2)
    expect(await mailing().letters(acme)).toContainEqual({ subject: 'There are 1', body: 'null robot' })
    expect(await mailing().letters(globex)).toEqual([{ subject: 'There are 0', body: 'null robot' }])
    expect(said.toSorted().slice(0, 2)).toEqual(['workers/tell  0 letters', 'workers/tell  1 letters'])
  })

  test('is refused when its input is another one, or there is no such worker', async () => {
    await expect(write('x'.repeat(101))).rejects.toMatchObject({ code: 'VALIDATION' })
    await expect(write('x', { more: 1 })).rejects.toMatchObject({ message: expect.stringContaining('no input "more"') })
    const asked = mailing().during((client) => enqueueWork(client, mailing().work, { task: 'workers/write-leter' }))
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "workers/write-letter"?'),
    })
  })

  test.each([
    [{ runAt: new Date('never') }, '`runAt`'],
    [{ runAt: '2026-01-31' as never }, '`runAt`'],
    [{ priority: 40_000 }, '`priority`'],
    [{ priority: 0.5 }, '`priority`'],
  ])('is refused with options that say nothing: %j', async (options, word) => {
    const given = { task: 'workers/tell', input: { count: 1 }, ...options }
    const asked = mailing().during((client) => enqueueWork(client, mailing().work, given))
    await expect(asked).rejects.toMatchObject({ code: 'VALIDATION', message: expect.stringContaining(word) })
  })

  test('is refused with a key that would be another job’s', async () => {
    const tell = mailing().work.get('workers/tell')!
    for (const key of [undefined, '', 'x'.repeat(501)]) {
      const work = new Map([[tell.name, { ...tell, unique: () => key as string }]])
      const asked = mailing().during((client) => enqueueWork(client, work, { task: tell.name, input: { count: 1 } }))
      await expect(asked).rejects.toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('`unique`') })
    }
  })

  test('keeps nothing where another runner took it over in the middle', async () => {
    const { runner } = await start()
    await write('Hello', { waitMs: 400 })
    await until(async () => (await jobs())[0]?.state === 'taken')
    await until(async () => (await jobs())[0]?.progress !== null)
    // As a runner that is dead, and is not: the same job, in other hands.
    await mailing().asKeeper("update rowhouse_queue.job set runner = '00000000-0000-7000-8000-000000000000'")
    await sleep(600)
    expect(await mailing().letters()).toEqual([])
    expect((await jobs())[0]).toMatchObject({ state: 'taken' })
    expect(runner.id).toBeTypeOf('string')
  })
})

test('jobs of a process that is killed in the middle of them are done by another one, once', async () => {
  const { database, model } = mailing()
  for (let n = 0; n < 20; n++) await write(`Letter ${n}`, { waitMs: n % 2 === 0 ? 0 : 300 })
  const child = spawn(process.execPath, [`${import.meta.dirname}/running-process.ts`], {
    env: {
      ...process.env,
      MAILING: JSON.stringify({ url: database.loginUrl, prefix: database.names.prefix, folder: mailingFolder }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await until(async () => (await mailing().letters()).length >= 3)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const taken = (await jobs()).filter(({ state }) => state === 'taken').length
  expect(taken).toBeGreaterThan(0)
  const began = performance.now()
  await start({ beatMs: 1500, model })
  await until(async () => (await jobs()).length === 0)
  const letters = (await mailing().letters()).map(({ subject }) => subject)
  expect(letters.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `Letter ${n}`).toSorted())
  process.stdout.write(
    `killed with ${taken} jobs taken; all 20 done once, ${Math.round(performance.now() - began)} ms later\n`,
  )
})
