import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ModelError } from '#base'
import { type AppRunner, startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { as, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
const folder = join(import.meta.dirname, '../fixtures/apps/bakery')
const weigh = async (how: string, { role = 'baker', id = cakeId(1), more = {} } = {}) => {
  const text =
    'mutation ($input: WeighCakeInput!) { weighCake(input: $input) { id cake { sold } output { grams scale as } notes } }'
  return await bakery().ask(as(role), text, { input: { id, how, ...more } })
}
const ice = async (role: string, id: string, more: object = {}) => {
  const text = 'mutation ($input: IceCakeInput!) { iceCake(input: $input) { id cake { name } notes } }'
  return await bakery().ask(as(role), text, { input: { id, colour: 'pink', ...more } })
}
const errorOf = ({ errors }: Awaited<ReturnType<typeof weigh>>) => [
  errors[0]?.extensions.code,
  errors[0]?.message,
  errors[0]?.extensions.rule,
]
const asOwner = async (text: string) => (await bakery().database.asOwner((client) => client.query(text))).rows

beforeEach(async () => {
  await asOwner('update app.cake set sold = false, secret_of = null')
})

describe('an action that runs a script', () => {
  test('is given row, input and caller, and answers what it returns', async () => {
    const { data, errors } = await weigh('plain', { more: { times: 3 } })
    expect(errors).toEqual([])
    expect(data.weighCake).toEqual({
      ...{ id: cakeId(1), cake: { sold: false }, notes: [] },
      output: { grams: 300, scale: 'brand_new', as: 'Apple by baker' },
    })
  })

  test('writes in the transaction of its caller, which is kept whole or not at all', async () => {
    expect((await weigh('sell')).data.weighCake.cake).toEqual({ sold: true })
    const text = `mutation ($id: UUID!) {
      a: createCake(input: { cake: { name: "Before it", price: "1" } }) { id }
      b: weighCake(input: { id: $id, how: "raise" }) { id }
    }`
    const { errors } = await bakery().ask(as('baker'), text, { id: cakeId(3) })
    expect(errors.map(({ extensions }) => extensions.code).sort()).toEqual(['ROLLED_BACK', 'VALIDATION'])
    expect(await asOwner("select 1 from app.cake where name = 'Before it'")).toEqual([])
  })

  test('tells what it raises and throws, and what is wrong with its answer', async () => {
    expect(errorOf(await weigh('raise'))).toEqual(['VALIDATION', 'Nobody can lift it.', 'TOO_HEAVY'])
    expect(errorOf(await weigh('throw'))).toEqual(['VALIDATION', expect.stringContaining('It fell.'), undefined])
    expect(errorOf(await weigh('wrong'))[1]).toBe('"scripts/weigh-cake": "grams" of its output must be a whole number.')
    expect(errorOf(await weigh('nothing'))[1]).toBe('"scripts/weigh-cake": "grams" of its output is missing.')
    expect(errorOf(await weigh('text'))[1]).toContain('answers no values')
    expect(errorOf(await weigh('loop'))[0]).toBe('TIMEOUT')
    // Whichever comes first.
    expect(['LIMIT', 'TIMEOUT']).toContain(errorOf(await weigh('again'))[0])
  })

  test('answers a row that its caller reads, or none', async () => {
    const text =
      'mutation ($id: UUID!, $as: String!) { pairCake(input: { id: $id, as: $as }) { id output { id name } } }'
    const pair = (answer: unknown) => bakery().ask(as('baker'), text, { id: cakeId(1), as: JSON.stringify(answer) })
    for (const answer of [cakeId(1), { id: cakeId(1) }, { id: cakeId(1).toUpperCase(), name: 'Mine' }])
      expect((await pair(answer)).data?.pairCake.output).toMatchObject({ id: cakeId(1), name: 'Apple' })
    for (const answer of [cakeId(1, 'south'), null])
      expect(await pair(answer)).toMatchObject({ data: { pairCake: { output: null } }, errors: [] })
    for (const answer of ['mine', { id: 'mine' }, { id: { at: 1 } }, { name: 'Apple' }, [cakeId(1)], 7, true])
      expect(errorOf(await pair(answer)).slice(0, 2)).toEqual([
        'VALIDATION',
        '"scripts/pair-cake": It answers no row of "Cake".',
      ])
  })

  test('is begun by Postgres: the row, its guard, the rules', async () => {
    expect(errorOf(await weigh('plain', { role: 'guest' }))[0]).toBe('FORBIDDEN')
    for (const [role, id] of [
      ['seller', cakeId(2)],
      ['baker', cakeId(1, 'south')],
    ] as const)
      expect(errorOf(await weigh('plain', { role, id })).slice(0, 2)).toEqual(['NOT_FOUND', 'There is no such row.'])
    await weigh('sell')
    expect(errorOf(await weigh('plain'))).toEqual(['VALIDATION', expect.any(String), 'weigh'])
  })

  test('may no more than its caller', async () => {
    expect(errorOf(await weigh('sell', { role: 'seller' }))[0]).toBe('FORBIDDEN')
    expect(errorOf(await weigh('write Mine', { role: 'seller' }))[0]).toBe('FORBIDDEN')
    const theirs = (await weigh(`read ${cakeId(1, 'south')}`)).data.weighCake.output
    expect(theirs.as).toBe('null')
    const hidden = (await weigh(`read ${cakeId(2)}`, { role: 'seller' })).data.weighCake.output
    expect(hidden.as).toBe('null')
  })

  test('is told what is wrong with values', async () => {
    const faults = async (entity: string, values: object) => {
      const { data } = await weigh(`validate ${entity} ${JSON.stringify(values)}`)
      return JSON.parse(data.weighCake.output.as)
    }
    expect(await faults('Dough', { name: 'Rye', flour: 0 })).toEqual([
      { field: 'flour', message: '"flour" is less than "min" 1.' },
    ])
    expect(await faults('Dough', { flour: 'many', colour: 'red' })).toEqual([
      { field: 'name', message: expect.stringContaining('was not provided') },
      { field: 'flour', message: expect.stringContaining('Int') },
      { field: 'colour', message: expect.stringContaining('not defined') },
    ])
    expect(await faults('Cake', { name: 'Plum', price: '1.00', kind: 'layer-cake' })).toEqual([])
    expect(errorOf(await weigh('validate Doh {}'))[1]).toBe('There is no entity "Doh".')
    // Nobody makes them.
    expect(errorOf(await weigh('validate Baker {}'))[0]).toBe('FORBIDDEN')
  })

  test('runs once for an idempotencyKey', async () => {
    const more = { idempotencyKey: 'weighed' }
    const one = await weigh('write Weighed', { more })
    expect(one.errors).toEqual([])
    expect((await weigh('write Weighed', { more })).data).toEqual(one.data)
    expect(await asOwner("select 1 from app.cake where name = 'Weighed'")).toHaveLength(1)
  })

  test('is the one of the tenant where it published some', async () => {
    const text =
      'mutation ($source: String!) { publishScript(input: { name: "scripts/weigh-cake", source: $source }) { tenantScript { version } } }'
    const source = "export default () => ({ grams: 1, scale: 'old' })"
    expect((await bakery().ask(as('baker', 'south'), text, { source })).errors).toEqual([])
    const ask = 'mutation ($id: UUID!) { weighCake(input: { id: $id }) { output { grams } } }'
    const theirs = await bakery().ask(as('baker', 'south'), ask, { id: cakeId(3, 'south') })
    expect(theirs.data.weighCake.output).toEqual({ grams: 1 })
    expect((await weigh('plain')).data.weighCake.output.grams).toBe(100)
  })
})

describe('an action that runs a worker', () => {
  test.each([
    ['hue', '"workers/ice-cake" has no input "hue", which "ice" of "Cake" hands over.'],
    [null, '"ice" of "Cake" hands no "colour" over, which "workers/ice-cake" needs.'],
  ])('hands over what the worker takes: not %j', async (name, message) => {
    const { model } = bakery()
    const changed = model.entities.map((entity) => ({
      ...entity,
      actions: entity.actions.map((each) =>
        each.name === 'ice' ? { ...each, input: name === null ? [] : [{ ...each.input[0]!, name }] } : each,
      ),
    }))
    const told = await loadWork({ ...model, entities: changed }, folder).catch((error: ModelError) => error.problems)
    expect(told).toMatchObject([{ code: 'WORKER_INVALID', message, at: { file: 'workers/ice-cake.ts' } }])
  })

  let runner: AppRunner | undefined
  beforeAll(async () => {
    const { database, model } = bakery()
    const work = await loadWork(model, folder)
    const { loginUrl: databaseUrl, names } = database
    runner = await startAppRunner({ model, work, names, databaseUrl, concurrency: 2 })
  })
  afterAll(() => runner?.close())

  test('adds a job in its transaction, which runs in the name of the caller', async () => {
    expect(errorOf(await ice('guest', cakeId(1)))[0]).toBe('FORBIDDEN')
    expect(errorOf(await ice('seller', cakeId(3)))[0]).toBe('FORBIDDEN')
    expect(errorOf(await ice('baker', cakeId(1, 'south')))[0]).toBe('NOT_FOUND')
    const text = `mutation ($id: UUID!) {
      a: iceCake(input: { id: $id, colour: "lost" }) { id }
      b: weighCake(input: { id: $id, how: "raise" }) { id }
    }`
    expect((await bakery().ask(as('baker'), text, { id: cakeId(3) })).errors).toHaveLength(2)
    const { data, errors } = await ice('baker', cakeId(1))
    expect(errors).toEqual([])
    expect(data.iceCake).toEqual({ id: cakeId(1), cake: { name: 'Apple' }, notes: [] })
    const iced = () => asOwner('select id, secret_of from app.cake where secret_of is not null')
    await expect.poll(iced, { timeout: 60_000 }).toEqual([{ id: cakeId(1), secret_of: 'pink by baker' }])
  })

  test('of a transition is handed the key of the row by its own name', async () => {
    const text = `mutation { createOven(input: { oven: { number: 7 } }) { oven { number } } heatOven(input: { number: 7 }) { oven { status } } }`
    const { data, errors } = await bakery().ask(as('baker'), text)
    expect(errors).toEqual([])
    expect(data.heatOven).toEqual({ oven: { status: 'hot' } })
    const more =
      'mutation { createOvens(input: { ovens: [{ number: 1 }] }) { ovens { number } } heatOvens(input: { ids: [1] }) { ids } }'
    expect((await bakery().ask(as('baker'), more)).errors).toEqual([])
    const said = () => asOwner("select said from app.diary where said like 'oven %' order by said")
    await expect.poll(said, { timeout: 60_000 }).toEqual([{ said: 'oven 2' }, { said: 'oven 8' }])
  })

  test('has it tried as often as its worker says', async () => {
    expect((await ice('baker', cakeId(1), { colour: 'sour' })).errors).toEqual([])
    const { database } = bakery()
    const failed = async () =>
      (
        await database.asRole(database.names.queueKeeper, (client) =>
          client.query('select task, attempts, error from rowhouse_queue.failed_job'),
        )
      ).rows
    const job = { task: 'workers/ice-cake', attempts: 1, error: expect.stringContaining('Nobody eats that.') }
    await expect.poll(failed, { timeout: 60_000 }).toEqual([job])
  })
})
