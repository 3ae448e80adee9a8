import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { as, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
const ask = async (text: string, variables: object = {}, who = as('baker')) => await bakery().ask(who, text, variables)
const act = (verb: 'bake' | 'burn' | 'save', id: string, more: object = {}, who = as('baker')) => {
  const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}DoughInput`
  const text = `mutation ($input: ${type}!) { ${verb}Dough(input: $input) { id dough { status remark } } }`
  return ask(text, { input: { id, ...more } }, who)
}
const bakeAll = (ids: readonly string[], note: string | null = null, who = as('baker')) =>
  ask('mutation ($input: BakeDoughsInput!) { bakeDoughs(input: $input) { ids } }', { input: { ids, note } }, who)
const made = async (values: object = {}, who = as('baker')): Promise<string> => {
  const text = 'mutation ($dough: DoughInput!) { createDough(input: { dough: $dough }) { id } }'
  const { data, errors } = await ask(text, { dough: { name: 'Rye', flour: 50, ...values } }, who)
  expect(errors).toEqual([])
  return data.createDough.id
}
const errorOf = ({ errors }: Awaited<ReturnType<typeof ask>>) => [errors[0]?.extensions.code, errors[0]?.message]
const diary = async () => {
  const { data } = await ask('{ diaries(orderBy: [CREATED_AT_ASC]) { nodes { said } } }')
  return data.diaries.nodes.map(({ said }: { said: string }) => said)
}
const statusOf = async (id: string) =>
  (await ask('query ($id: UUID!) { dough(id: $id) { status } }', { id })).data.dough.status

beforeEach(async () => {
  await bakery().database.asOwner((client) => client.query('delete from app.diary'))
})

describe('hooks of transitions', () => {
  test('run before and afterwards, in the transaction, with what is done', async () => {
    const id = await made()
    const { data, errors } = await act('bake', id, { note: 'touch' })
    expect(errors).toEqual([])
    expect(data.bakeDough).toEqual({ id, dough: { status: 'baked', remark: 'touched' } })
    expect(await diary()).toEqual([
      'beforeTransition bake Rye: raw to baked, raw',
      'afterTransition bake Rye: raw, baked',
    ])
    expect((await act('burn', id)).data.burnDough.dough.status).toBe('burnt')
    expect((await diary()).slice(2)).toEqual(['beforeTransition burn Rye: baked to burnt, baked'])
  })

  test.each([
    ['no', 'VALIDATION', 'Nobody may bake it.'],
    ['script', 'VALIDATION', 'No bake of Rye from raw.'],
    ['late no', 'VALIDATION', 'Too late.'],
    ['starve', 'VALIDATION', expect.stringContaining('"flour"')],
    ['jump', 'CONFLICT', '"bake" is not possible: the row is "burnt".'],
  ])('that say %j refuse the transition', async (note, code, message) => {
    const id = await made()
    expect(errorOf(await act('bake', id, { note }))).toEqual([code, message])
    expect(await statusOf(id)).toBe('raw')
    expect(await diary()).toEqual([])
  })

  test('run once for a key', async () => {
    const id = await made()
    const once = { idempotencyKey: `bake-${id}` }
    for (const _ of [1, 2]) expect((await act('bake', id, once)).errors).toEqual([])
    expect(await diary()).toHaveLength(2)
  })

  test('of two at once run for the one that wins', async () => {
    const id = await made()
    const answers = await Promise.all([act('bake', id), act('bake', id)])
    expect(answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))).toEqual(['CONFLICT'])
    expect(await diary()).toHaveLength(2)
  })
})

describe('no hook runs', () => {
  const no = { note: 'no' }

  test('for whom no rule allows the transition, or its guard or state refuses', async () => {
    const [big, small, baked] = [await made({ flour: 500 }), await made({ flour: 5 }), await made()]
    await act('bake', baked)
    const before = await diary()
    const refused = async (id: string, role: string) => errorOf(await act('bake', id, no, as(role)))[0]
    expect(await refused(big, 'seller')).toBe('FORBIDDEN')
    expect(await refused(big, 'guest')).toBe('FORBIDDEN')
    expect(errorOf(await act('bake', small, no))[1]).toContain('"flour" does not hold')
    expect(await refused(baked, 'baker')).toBe('CONFLICT')
    expect(errorOf(await act('burn', big, no, as('seller')))[0]).toBe('FORBIDDEN')
    expect(errorOf(await bakeAll([small, big], 'no', as('seller')))[1]).not.toContain('Nobody')
    expect(await diary()).toEqual(before)
  })

  test('for a row of another tenant, or one that was changed since', async () => {
    const theirs = await made({}, as('baker', 'south'))
    expect(errorOf(await act('bake', theirs, no))[0]).toBe('NOT_FOUND')
    expect(errorOf(await bakeAll([await made(), theirs], 'no'))[1]).toContain('There is no such row.')
    const id = await made()
    const { data } = await ask('query ($id: UUID!) { dough(id: $id) { updatedAt } }', { id })
    const ifUpdatedAt = data.dough.updatedAt
    expect((await act('bake', id, { ifUpdatedAt, note: 'touch' })).errors).toEqual([])
    expect(errorOf(await act('burn', id, { ifUpdatedAt, ...no }))[0]).toBe('STALE')
  })

  test('and the functions that begin them are of the roles whom rules allow the verbs', async () => {
    const { rows } = await bakery().database.asOwner((client) =>
      client.query(`select proname, proacl::text from pg_proc where proname like 'begin\\_%\\_\\_dough' order by 1`),
    )
    expect(rows.map(({ proname }) => proname)).toEqual([
      'begin_bake__dough',
      'begin_bake_later__dough',
      'begin_burn__dough',
    ])
    for (const { proacl } of rows) expect(proacl).not.toMatch(/[{,]=/)
    expect(rows[2].proacl).not.toContain('seller')
  })
})

test('what a hook does it does under the rights of the caller', async () => {
  const id = await made()
  expect(errorOf(await act('bake', id, { note: 'their cake' }, as('seller')))[0]).toBe('FORBIDDEN')
  expect(errorOf(await act('bake', id, { note: 'touch' }, as('seller')))[0]).toBe('FORBIDDEN')
  expect(await statusOf(id)).toBe('raw')
})

describe('no way around them', () => {
  test('by a batch: all or none, and it is told which row is refused', async () => {
    const ids = [await made(), await made({ name: 'Oat' })]
    expect(errorOf(await bakeAll(ids, 'no'))).toEqual(['VALIDATION', '"ids.0": Nobody may bake it.'])
    expect(await Promise.all(ids.map(statusOf))).toEqual(['raw', 'raw'])
    expect((await bakeAll(ids)).errors).toEqual([])
    expect(await diary()).toEqual([
      ...['Rye', 'Oat'].map((name) => `beforeTransition bake ${name}: raw to baked, raw`),
      ...['Rye', 'Oat'].map((name) => `afterTransition bake ${name}: raw, baked`),
    ])
  })

  test('by a transition without hooks of an entity that has some', async () => {
    const ids = [await made(), await made()]
    for (const id of ids) await act('burn', id)
    const text = 'mutation ($ids: [UUID!]!) { saveDoughs(input: { ids: $ids }) { doughs { status } } }'
    expect((await ask(text, { ids })).data.saveDoughs.doughs).toEqual([{ status: 'raw' }, { status: 'raw' }])
  })

  test('by an action or a script', async () => {
    const id = await made()
    const taste = 'mutation ($id: UUID!, $how: String!) { tasteCake(input: { id: $id, how: $how }) { notes } }'
    const weigh = 'mutation ($id: UUID!, $how: String!) { weighCake(input: { id: $id, how: $how }) { notes } }'
    for (const text of [taste, weigh]) {
      const { errors } = await ask(text, { id: cakeId(1), how: `dough bake ${id} no` })
      expect(errors[0]!.message).toContain('Nobody may bake it.')
    }
    expect((await ask(weigh, { id: cakeId(1), how: `dough bake ${id}` })).errors).toEqual([])
    expect(await diary()).toHaveLength(2)
  })

  test('by a job', async () => {
    const { model, database } = bakery()
    const folder = join(import.meta.dirname, '../fixtures/apps/bakery')
    const work = await loadWork(model, folder)
    const { loginUrl: databaseUrl, names } = database
    const runner = await startAppRunner({ model, work, appFolder: folder, names, databaseUrl, concurrency: 1 })
    const text = 'mutation ($input: BakeLaterDoughInput!) { bakeLaterDough(input: $input) { id } }'
    const id = await made()
    for (const note of ['no', 'fine']) expect((await ask(text, { input: { id, note } })).errors).toEqual([])
    await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe('baked')
    await expect.poll(diary, { timeout: 60_000 }).toHaveLength(3)
    expect((await diary()).sort()).toEqual([
      'a job: Nobody may bake it.',
      'afterTransition bake Rye: raw, baked',
      'beforeTransition bake Rye: raw to baked, raw',
    ])
    await runner.close()
  })
})

describe('hooks of values', () => {
  const update = (id: string, patch: object) =>
    ask('mutation ($input: UpdateDoughInput!) { updateDough(input: $input) { dough { flour remark } } }', {
      input: { id, patch },
    })

  test('run when they are sound, of new rows and changes, over what is written', async () => {
    const text = 'mutation ($dough: DoughInput!) { createDough(input: { dough: $dough }) { dough { flour remark } } }'
    const create = (dough: object) => ask(text, { dough: { name: 'Rye', flour: 5, ...dough } })
    expect((await create({ flour: 5000 })).data.createDough.dough).toEqual({
      flour: 1000,
      remark: 'as much as there is',
    })
    expect(errorOf(await create({ name: 'sifted' }))[1]).toBe('afterValidate create')
    // Not sound: nobody is asked.
    expect(errorOf(await create({ name: 'sifted', flour: 0 }))).toEqual(['VALIDATION', '"flour" is less than "min" 1.'])
    const id = await made()
    expect((await update(id, { flour: 5000 })).data.updateDough.dough).toEqual({
      flour: 1000,
      remark: 'as much as there is',
    })
    expect(errorOf(await update(id, { name: 'sifted' }))[1]).toBe('afterValidate update')
  })

  test('of a field run after it has another value, and undo it', async () => {
    const id = await made()
    await update(id, { flour: 60 })
    await update(id, { flour: 60, remark: 'same' })
    expect(await diary()).toEqual(['afterChange 50 to 60, is 60'])
    expect(errorOf(await update(id, { flour: 13 }))[1]).toBe('Not so many.')
    const rows = 'mutation ($rows: [DoughChange!]!) { updateDoughs(input: { doughs: $rows }) { doughs { flour } } }'
    const changed = await ask(rows, {
      rows: [
        { id, patch: { flour: 70 } },
        { id: await made(), patch: { remark: 'x' } },
      ],
    })
    expect(changed.data.updateDoughs.doughs).toEqual([{ flour: 70 }, { flour: 50 }])
    expect((await diary()).slice(1)).toEqual(['afterChange 60 to 70, is 70'])
  })
})
