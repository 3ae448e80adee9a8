import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { modelOf } from '../schema/written-app.ts'
import { acme, globex, sam, useMailing } from '../server/jobs/mailing.ts'
import { type TestActor, type TestDatabase, useDatabase } from '../support/database.ts'
import { till } from '../tenant-scripts/till.ts'

const mailing = useMailing()
const mia = '00000000-0000-7000-8000-0000000000a2'
const manager: TestActor = { roles: ['manager'], tenant: acme, actor: mia }
const id = (n: number) => `00000000-0000-7000-8004-00000000000${n}`
/** Of Acme, of Globex, an event of Acme, of no tenant, of nobody. */
const [own, theirs, event, tenantless, absent] = [id(1), id(2), id(3), id(4), id(5)]

beforeEach(async () => {
  await mailing().asKeeper('delete from rowhouse_queue.failed_job')
  await mailing().asKeeper('delete from rowhouse_queue.job')
  for (const [key, tenant, task] of [
    [own, acme, 'workers/mail-letter'],
    [theirs, globex, 'workers/mail-letter'],
    [event, acme, 'subscribers/tell'],
    [tenantless, null, 'workers/mail-letter'],
  ])
    await mailing().asKeeper(
      `insert into rowhouse_queue.failed_job (id, task, tenant_id, actor_id, as_role, claims, input, priority, attempts, max_attempts, error, created_at, failed_at)
       values ($1, $2, $3, $4, 'of_sam', '{"level": "high"}', '{"to": "secret of ${tenant}"}', 0, 3, 3, 'It failed.', now(), now())`,
      [key, task, tenant, sam],
    )
})

const ask = async (actor: TestActor, text: string, values: readonly unknown[] = [], on?: TestDatabase) => {
  const asked = (on ?? mailing().database).asActor(actor, (client) =>
    client.query({ text, values: [...values], rowMode: 'array' }),
  )
  return ((await asked).rows as unknown as readonly unknown[][])[0]?.[0]
}
const calls = {
  list: 'rowhouse_private.failed_jobs(null, null, null, 100)',
  one: `rowhouse_private.failed_job('${own}')`,
  edit: `rowhouse_private.edit_failed_job('${own}', '{"to": "mine"}', null, '{level}')`,
  replay: `rowhouse_private.replay_failed_job('${own}')`,
  discard: `rowhouse_private.discard_failed_job('${own}')`,
}
const denied = { code: '42501' }
const all = async () =>
  JSON.stringify(await mailing().asKeeper('select * from rowhouse_queue.failed_job order by id')) +
  JSON.stringify(await mailing().asKeeper('select * from rowhouse_queue.job'))

describe('who manages jobs by SQL', () => {
  const strangers: readonly [string, TestActor][] = [
    ['a role that may not', { ...manager, roles: ['clerk'] }],
    ['another one', { ...manager, roles: ['reader'] }],
    ['a service', { ...manager, roles: ['robot'] }],
    ['somebody without a role', { ...manager, roles: [] }],
    ['a visitor', { ...manager, roles: null, actor: null }],
    ['a manager of no tenant', { ...manager, tenant: null }],
    ['a manager whom nobody vouches for', { ...manager, actor: null }],
  ]
  test.each(strangers)('%s is refused', async (_, actor) => {
    const before = await all()
    for (const call of Object.values(calls)) await expect(ask(actor, `select ${call}`)).rejects.toMatchObject(denied)
    expect(await all()).toBe(before)
  })

  test('a role that includes one that may, may', async () => {
    expect(JSON.stringify(await ask({ ...manager, roles: ['head'] }, `select ${calls.list}`))).toContain(own)
  })

  test('no role of a request touches the tables, or calls what stands behind the functions', async () => {
    for (const roles of [['manager'], ['head'], ['clerk'], null])
      for (const text of [
        'select 1 from rowhouse_queue.failed_job',
        'delete from rowhouse_queue.failed_job',
        `update rowhouse_queue.failed_job set actor_id = '${mia}'`,
        'insert into rowhouse_queue.job select * from rowhouse_queue.job',
        `select ${calls.list.replace('_private', '_queue')}`,
        `select ${calls.edit.replace('_private', '_queue')}`,
        `select ${calls.replay.replace('_private', '_queue')}`,
        `select ${calls.discard.replace('_private', '_queue')}`,
        "select rowhouse_queue.bury_jobs('{}', '')",
        'select rowhouse_private.check_job_manager()',
      ])
        await expect(ask({ ...manager, roles }, text)).rejects.toMatchObject(denied)
  })

  test('who adds or runs jobs is refused too, and the functions’ owner touches no table', async () => {
    const { queue, jobs, private: owner } = mailing().database.names
    const said = { 'rowhouse.tenant_id': acme, 'rowhouse.actor_id': mia }
    for (const role of [queue, jobs])
      for (const call of [calls.list, calls.replay])
        await expect(
          mailing().database.asRole(role, (client) => client.query(`select ${call}`), said),
        ).rejects.toMatchObject(denied)
    for (const role of [queue, jobs, owner])
      await expect(
        mailing().database.asRole(role, (client) => client.query('select 1 from rowhouse_queue.failed_job'), said),
      ).rejects.toMatchObject(denied)
  })
})

describe('an app where no role manages jobs', () => {
  const database = useDatabase()
  beforeAll(async () => {
    await database().applyCatalog(buildCatalog({ ...(await modelOf(till)), app: database().name }))
  })

  test('refuses everybody', async () => {
    for (const call of Object.values(calls))
      await expect(ask({ ...manager, roles: ['admin'] }, `select ${call}`, [], database())).rejects.toMatchObject(
        denied,
      )
  })
})

describe('between tenants', () => {
  test('a manager finds what another has no more than what there is not', async () => {
    const listed = JSON.stringify(await ask(manager, `select ${calls.list}`))
    expect(listed).toContain(own)
    for (const hidden of [theirs, tenantless, globex]) expect(listed).not.toContain(hidden)
    const before = await all()
    for (const key of [theirs, tenantless, absent])
      for (const call of ['one', 'edit', 'replay', 'discard'] as const)
        expect(await ask(manager, `select ${calls[call].replace(own, key)}`)).toBe(null)
    expect(await all()).toBe(before)
  })

  test('nor does a cursor of theirs show anything', async () => {
    const behind = "select rowhouse_private.failed_jobs(null, now() + interval '1 day', $1, 100)"
    expect(JSON.stringify(await ask(manager, behind, [theirs]))).not.toContain(globex)
  })
})

describe('rights of a job', () => {
  test('are told to nobody, and go to the editor with the input', async () => {
    expect(JSON.stringify(await ask(manager, `select ${calls.one}`))).not.toMatch(/of_sam|high/)
    expect(await ask(manager, `select ${calls.edit}`)).toBe(true)
    const [edited] = await mailing().asKeeper('select * from rowhouse_queue.failed_job where id = $1', [own])
    expect(edited).toMatchObject({ actor_id: mia, caused_by: sam, claims: {}, tenant_id: acme, is_edited: true })
    expect(edited!.as_role).not.toBe('of_sam')
    await ask(manager, `select ${calls.edit}`)
    expect(await ask(manager, `select ${calls.one}`)).toMatchObject({ causedBy: sam, editedBy: mia })
    expect(await ask({ ...manager, actor: id(9) }, `select ${calls.replay}`)).toBe(true)
    const [job] = await mailing().asKeeper('select * from rowhouse_queue.job')
    expect(job).toMatchObject({ id: own, actor_id: mia, caused_by: sam, is_edited: true, attempts: 0, max_attempts: 3 })
  })

  test('stay those of its cause where nobody edited it', async () => {
    expect(await ask(manager, `select ${calls.replay}`)).toBe(true)
    const [job] = await mailing().asKeeper('select * from rowhouse_queue.job')
    expect(job).toMatchObject({
      id: own,
      actor_id: sam,
      as_role: 'of_sam',
      claims: { level: 'high' },
      is_edited: false,
    })
  })

  test('are nobody’s to take with an event, which is as it happened', async () => {
    expect(await ask(manager, `select ${calls.edit.replace(own, event)}`)).toBe(false)
    const [kept] = await mailing().asKeeper('select * from rowhouse_queue.failed_job where id = $1', [event])
    expect(kept).toMatchObject({ actor_id: sam, as_role: 'of_sam', input: { to: `secret of ${acme}` } })
  })
})

test('of two who replay the same job one does', async () => {
  const both = await Promise.all([1, 2, 3].map(() => ask(manager, `select ${calls.replay}`)))
  expect(both.filter((done) => done === true)).toEqual([true])
  expect(await mailing().asKeeper('select id from rowhouse_queue.job')).toEqual([{ id: own }])
})
