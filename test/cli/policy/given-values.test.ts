import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { settableNames, whyNotSettable } from '../../../cli/policy/ask/settable.ts'
import { givenClaims, givenFields } from '../../../cli/policy/why/given-values.ts'

let model: Model
beforeAll(async () => {
  model = (await loadModel(join(import.meta.dirname, '../../../examples/invoicing'))).model
})
const entityOf = (name: string) => model.entities.find((each) => each.name === name)!
const given = (entity: string, verb: string, ...words: readonly string[]) =>
  givenFields(words, { entity: entityOf(entity), verb, model })

describe('what a row is given on the command line', () => {
  test('is read as the field holds it', () => {
    const id = '01890A5D-AC96-774B-BCCE-B302099A8057'
    expect(given('Order', 'create', 'notes=a=b', 'margin=5', `customer=${id}`, 'promisedOn=null')).toEqual({
      notes: 'a=b',
      margin: '5',
      customer: id.toLowerCase(),
      promisedOn: null,
    })
  })

  // Postgres refuses each of them to everyone, and no rule says so: the answer would look like a fault.
  test.each([
    [
      'Order',
      'update',
      'status=placed',
      'Nobody sets "status" of an Order: it changes by quote, rework, accept, place, approve, ship, cancel.',
    ],
    ['Order', 'update', 'number=7', 'Nobody sets "number" of an Order: it is given to a new row and stays.'],
    ['Invoice', 'update', 'number=7', 'Nobody sets "number" of an Invoice: Postgres counts it.'],
    ['Order', 'update', 'total=7', 'Nobody sets "total" of an Order: it is computed.'],
    ['Order', 'create', 'createdAt=now', 'Nobody sets "createdAt" of an Order: Postgres keeps it.'],
    ['Order', 'update', 'currency=EURO', '"--set currency=EURO" cannot be read.'],
    ['Order', 'update', 'customer=bakery', '"--set customer=bakery" cannot be read.'],
    ['Order', 'update', 'notes', '"--set notes" cannot be read.'],
    ['Order', 'remove', 'notes=x', '--set says what a new row or an update is given, and remove takes nothing.'],
    ['Order', 'update', 'nots=x', 'There is no field of "Order" called "nots". Did you mean "notes"?'],
  ])('%s %s %s', (entity, verb, word, message) => {
    expect(() => given(entity, verb, word)).toThrow(message)
  })

  test('a claim is one that a token could have', () => {
    expect(givenClaims(['region=eu'], model)).toEqual({ region: 'eu' })
    expect(() => givenClaims(['region=ue'], model)).toThrow('"--claim region=ue" cannot be read.')
    expect(() => givenClaims(['reg=eu'], model)).toThrow('There is no claim "reg".')
  })

  test('whatever can be given is given by no other reason', () => {
    for (const entity of model.entities)
      for (const verb of ['create', 'update'])
        for (const name of settableNames(entity, verb)) expect(whyNotSettable(name, entity, verb)).toBeNull()
    const [readonly] = settableNames(entityOf('OrderLine'), 'create').filter(
      (name) => !settableNames(entityOf('OrderLine'), 'update').includes(name),
    )
    if (readonly !== undefined)
      expect(whyNotSettable(readonly, entityOf('OrderLine'), 'update')).toBe('it is given to a new row and stays')
  })
})
