import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { serveApp } from '../support/served-app.ts'
import { as, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
const duplicate = `mutation ($input: DuplicateCakeInput!) {
  duplicateCake(input: $input) { id cake { name } output { id name kind layerCount layers { nodes { of } } } notes clientMutationId }
}`
const sell =
  'mutation ($input: SellCakeInput!) { sellCake(input: $input) { cake { sold } output { paid to weight } notes } }'
const taste = 'mutation ($input: TasteCakeInput!) { tasteCake(input: $input) { notes } }'
const names = async (tenant: 'north' | 'south' = 'north') => {
  const { data } = await bakery().ask(as('baker', tenant), '{ cakes(orderBy: [NAME_ASC]) { nodes { name sold } } }')
  return data.cakes.nodes.map(({ name }: { name: string }) => name)
}

describe('an action', () => {
  test('does what its file says, in one transaction, and answers a row and notes', async () => {
    const input = { id: cakeId(1), name: 'Pear', times: 2, clientMutationId: 'c1' }
    const { data, errors } = await bakery().ask(as('baker'), duplicate, { input })
    expect(errors).toEqual([])
    expect(data.duplicateCake).toEqual({
      ...{ id: cakeId(1), cake: { name: 'Apple' }, notes: ['Made 2.'], clientMutationId: 'c1' },
      output: {
        ...{ id: expect.any(String), name: 'Pear 2', kind: 'tart', layerCount: 2 },
        layers: { nodes: [{ of: 'dough' }, { of: 'apples' }] },
      },
    })
    expect(await names()).toEqual(expect.arrayContaining(['Pear', 'Pear 2']))
  })

  test('answers values, those of any size as text', async () => {
    const input = { id: cakeId(3), to: 'Eve', weight: '9007199254740993' }
    const { data } = await bakery().ask(as('baker'), sell, { input })
    expect(data.sellCake).toEqual({
      ...{ cake: { sold: true }, notes: [] },
      output: { paid: '99.00', to: 'Eve by baker', weight: '9007199254740993' },
    })
  })

  test('is done of rows that are known by several values', async () => {
    const text = 'mutation { relabelShelf(input: { row: 1, place: 2, label: "new" }) { row place shelf { label } } }'
    const { data, errors } = await bakery().ask(as('baker'), text)
    expect(errors).toEqual([])
    expect(data.relabelShelf).toEqual({ row: 1, place: 2, shelf: { label: 'new' } })
  })

  test('is looked at: its input, what the row was, its guard, its rules', async () => {
    const refused = async (role: string, text: string, input: object) => {
      const { errors } = await bakery().ask(as(role), text, { input })
      return errors.map(({ extensions: { code, fields, rule } }) => [code, fields, rule].filter((each) => each != null))
    }
    const cake = (n: number) => ({ id: cakeId(n), name: 'Plum' })
    expect(await refused('baker', duplicate, { ...cake(1), times: 6 })).toEqual([['VALIDATION', ['times']]])
    expect(await refused('baker', duplicate, { ...cake(1), name: 'x'.repeat(41) })).toEqual([['VALIDATION', ['name']]])
    expect(await refused('baker', duplicate, { ...cake(1), ifUpdatedAt: '2020-01-01T00:00:00Z' })).toEqual([
      ['STALE', ['ifUpdatedAt']],
    ])
    expect(await refused('baker', sell, { id: cakeId(3), to: 'Eve' })).toEqual([['VALIDATION', ['sold'], 'sell']])
    expect(await refused('baker', sell, { id: cakeId(2), to: 'Eve' })).toEqual([
      ['FORBIDDEN', { title: 'nobody sells on order', because: 'It is for somebody.' }],
    ])
    expect(await refused('seller', sell, { id: cakeId(3), to: 'Eve' })).toEqual([['FORBIDDEN']])
    expect(await refused('seller', duplicate, cake(1))).toEqual([['FORBIDDEN']])
  })

  test('tells what the body raises, and nothing of what it throws', async () => {
    const raised = await bakery().ask(as('baker'), sell, { input: { id: cakeId(1), to: 'nobody' } })
    expect(raised.errors[0]).toMatchObject({
      message: 'Nobody buys no cake.',
      extensions: { code: 'VALIDATION', rule: 'BUYER_UNKNOWN', fields: ['to'] },
    })
    const thrown = await bakery().ask(as('baker'), sell, { input: { id: cakeId(1), to: 'a bug' } })
    expect(thrown.errors[0]!.extensions.code).toBe('INTERNAL')
    expect(thrown.text).not.toContain('secret')
  })
})

describe('an action that fails', () => {
  test('keeps nothing, of its request neither', async () => {
    const text = `mutation ($id: UUID!) {
      a: createCake(input: { cake: { name: "Before", price: "1" } }) { id }
      b: sellCake(input: { id: $id, to: "nobody" }) { notes }
      c: createCake(input: { cake: { name: "After", price: "1" } }) { id }
    }`
    const { data, errors } = await bakery().ask(as('baker'), text, { id: cakeId(1) })
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code).sort()).toEqual(['ROLLED_BACK', 'ROLLED_BACK', 'VALIDATION'])
    expect(await names()).not.toEqual(expect.arrayContaining(['Before']))
    const made = { id: cakeId(1), name: 'Half', times: 3 }
    await bakery().ask(as('baker'), 'mutation { createCake(input: { cake: { name: "Half 3", price: "1" } }) { id } }')
    const { errors: taken } = await bakery().ask(as('baker'), duplicate, { input: made })
    expect(taken[0]!.extensions).toMatchObject({ code: 'CONFLICT', fields: ['name'] })
    expect(await names()).not.toEqual(expect.arrayContaining(['Half']))
  })

  test('may pass over what is refused', async () => {
    const input = { id: cakeId(1), how: 'swallow Apple' }
    const { data } = await bakery().ask(as('baker'), taste, { input })
    expect(data.tasteCake.notes).toEqual(['CONFLICT'])
  })
})

describe('with an idempotencyKey', () => {
  test('an action runs once, however often it is asked for', async () => {
    const input = { id: cakeId(1), name: 'Once', times: 1, idempotencyKey: 'once' }
    const [one, two] = await Promise.all([1, 2].map(() => bakery().ask(as('baker'), duplicate, { input })))
    expect(one!.errors).toEqual([])
    expect(two!.data).toEqual(one!.data)
    expect((await names()).filter((name: string) => name === 'Once')).toHaveLength(1)
    const other = await bakery().ask(as('baker'), duplicate, { input: { ...input, name: 'Twice' } })
    expect(other.errors[0]!.extensions.code).toBe('CONFLICT')
  })
})

describe('an action that does not end', () => {
  test('is told TIMEOUT, keeps nothing and holds no connection', async () => {
    const { model, database } = bakery()
    const appFolder = join(import.meta.dirname, '../fixtures/apps/bakery')
    const quick = await serveApp(model, database, { appFolder, poolSize: 1, statementTimeoutMs: 1_000 })
    try {
      const { errors } = await quick.ask(as('baker'), taste, { input: { id: cakeId(2), how: 'sleep' } })
      expect(errors[0]!.extensions.code).toBe('TIMEOUT')
      const { data } = await quick.ask(as('baker'), 'query ($id: UUID!) { cake(id: $id) { name } }', { id: cakeId(2) })
      expect(data.cake.name).toBe('Wedding')
    } finally {
      await quick.close()
    }
  })
})
