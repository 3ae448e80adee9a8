import { describe, expect, test } from 'vitest'
import { HintedError } from '../../../server/hinted-error.ts'
import { ConstraintFields } from '../../../server/http/constraint-fields.ts'
import { createMaskError } from '../../../server/http/mask-error.ts'
import type { OpenRows } from '../../../server/rows/open-rows.ts'
import { shopId } from '../shop.ts'
import { useOpenShop } from './open-shop.ts'

const shop = useOpenShop()
const id = shopId('order', 'a', 1)

/** As code without types meets them. */
type LooseRows = Readonly<
  Record<'find' | 'get' | 'create' | 'update' | 'remove' | 'act', (...given: readonly unknown[]) => Promise<unknown>>
>

/** What code does wrong, without types to hold it; a part of what it is told, and the fields that are named. */
type Wrong = readonly [call: (rows: LooseRows) => Promise<unknown>, message: string, fields?: readonly string[]]

const wrong: Readonly<Record<string, Wrong>> = {
  'an entity that is not there': [(rows) => rows.find('Ordr'), 'no entity "Ordr". Did you mean "Order"?'],
  'an entity that every object has': [(rows) => rows.find('__proto__'), 'no entity "__proto__"'],
  'an entity that is a symbol': [(rows) => rows.get(Symbol('Order'), id), 'no entity "Symbol(Order)"'],
  'a query that is a text': [(rows) => rows.find('Order', 'SO-1'), '"find" looks for is an object'],
  'a query that is null': [(rows) => rows.find('Order', null), '"find" looks for is an object'],
  'a word that find does not know': [
    (rows) => rows.find('Order', { wheer: {} }),
    'knows no "wheer". Did you mean "where"?',
    ['wheer'],
  ],
  'an order by no field': [
    (rows) => rows.find('Order', { orderBy: ['colour'] }),
    '"Order" cannot be ordered by "colour". Possible: "number", "wantedOn"',
    ['orderBy'],
  ],
  'an order that is a text': [(rows) => rows.find('Order', { orderBy: 'number' }), 'is a list of fields', ['orderBy']],
  'an order by a number': [(rows) => rows.find('Order', { orderBy: [3] }), 'list of names of fields', ['orderBy']],
  'an order by no field of a related row': [
    (rows) => rows.find('Order', { orderBy: ['customer.nme'] }),
    'Did you mean "customer.name"?',
    ['orderBy'],
  ],
  'an order by many rows': [(rows) => rows.find('Order', { orderBy: ['lines.quantity'] }), 'Possible: ', ['orderBy']],
  'a first that is a text': [(rows) => rows.find('Order', { first: 'ten' }), 'a whole number', ['first']],
  'a first below none': [(rows) => rows.find('Order', { first: -1 }), 'a whole number', ['first']],
  'a part of a row': [(rows) => rows.find('Order', { first: 1.5 }), 'a whole number', ['first']],
  'a condition that is a list': [
    (rows) => rows.find('Order', { where: [{ number: 'SO-1' }] }),
    '"where" is an object',
    ['where'],
  ],
  'a condition on no field': [
    (rows) => rows.find('Order', { where: { nummer: 'x' } }),
    'nothing called "nummer" to look for. Did you mean "number"?',
    ['nummer'],
  ],
  'a word that conditions do not have': [
    (rows) => rows.find('Order', { where: { number: { like: 'x' } } }),
    '"number" cannot be looked for with "like". Possible: "is", "isNot", "in"',
    ['number'],
  ],
  'a word that every object has': [
    (rows) => rows.find('Order', { where: { number: { constructor: 'x' } } }),
    'cannot be looked for with "constructor"',
    ['number'],
  ],
  'a value that is undefined, which would be every row': [
    (rows) => rows.find('Order', { where: { number: undefined } }),
    '"number" is compared with undefined',
    ['number'],
  ],
  'a word whose value is undefined': [
    (rows) => rows.find('Order', { where: { number: { is: undefined } } }),
    'cannot be compared with undefined by "is"',
    ['number'],
  ],
  'more than nothing': [
    (rows) => rows.find('Order', { where: { total: { over: null } } }),
    'write { is: null }',
    ['total'],
  ],
  'a test of nothing': [(rows) => rows.find('Order', { where: { number: {} } }), 'compared with nothing', ['number']],
  'one of no conditions, which would be every row': [
    (rows) => rows.find('Order', { where: { anyOf: [] } }),
    'of which none can hold',
    ['anyOf'],
  ],
  'a text that is no amount': [(rows) => rows.find('Order', { where: { total: 'much' } }), '"total": ', ['total']],
  'a text that is no yes': [
    (rows) => rows.find('Order', { where: { not: { anyOf: [{ urgent: 'yes' }] } } }),
    '"urgent": Boolean',
    ['urgent'],
  ],
  'a choice that is not there': [
    (rows) => rows.find('Order', { where: { status: { in: ['lost'] } } }),
    '"status" is none of its choices. Possible: "draft", "placed", "cancelled"',
    ['status'],
  ],
  'a day that is none': [
    (rows) => rows.find('Order', { where: { wantedOn: new Date(Number.NaN) } }),
    '"wantedOn": ',
    ['wantedOn'],
  ],
  'a value of a related row': [
    (rows) => rows.find('Order', { where: { lines: { some: { quantity: 'two' } } } }),
    '"lines.quantity": Int',
    ['lines.quantity'],
  ],
  'no id, which would be any row': [(rows) => rows.get('Order'), 'known by "id"', ['id']],
  'an empty key, which would be any row': [(rows) => rows.get('Order', {}), 'known by "id"', ['id']],
  'a key of another name': [(rows) => rows.get('Order', { nope: 1 }), 'known by "id"', ['id']],
  'an id that is none': [(rows) => rows.get('Order', 'SO-1'), '"id": Invalid UUID', ['id']],
  'a row of nothing': [(rows) => rows.create('Order', null), 'What a row is made of is an object'],
  'a row without what it needs': [(rows) => rows.create('Order', {}), '"number" is required', ['number']],
  'a row with more than there is': [
    (rows) => rows.create('Order', { number: 'W-1', customerId: id, numbr: 1 }),
    'no "numbr" to write. Did you mean "number"?',
    ['numbr'],
  ],
  'a number for a text': [
    (rows) => rows.create('Order', { number: 3, customerId: id }),
    '"number": String',
    ['number'],
  ],
  'a change that is none': [(rows) => rows.update('Order', id, null), 'What changes in a row is an object'],
  'a change of nobody': [(rows) => rows.update('Order', undefined, { urgent: true }), 'known by "id"', ['id']],
  'a change of an id that is none': [(rows) => rows.update('Order', 'x', { urgent: true }), '"id": Invalid', ['id']],
  'a change of what is not there': [
    (rows) => rows.update('Order', id, { colour: 1 }),
    'no "colour" to write. Possible: "wantedOn"',
    ['colour'],
  ],
  'a number for an id': [(rows) => rows.remove('Order', 7), '"id": Invalid UUID', ['id']],
  'a verb that is not there': [(rows) => rows.act('Order', 'dance', id), '"Order" cannot be acted on with "dance"'],
  'a verb that is a change of any row': [(rows) => rows.act('Order', 'delete', id), 'cannot be acted on with "delete"'],
}

describe('what code asks for wrongly', () => {
  test.for(Object.entries(wrong))('%s', async ([, [call, message, fields]]) => {
    const told = await shop().during((rows: OpenRows) =>
      call(rows as unknown as LooseRows).then(
        () => null,
        (error: unknown) => error,
      ),
    )
    expect(told).toMatchObject({ name: expect.stringMatching(/^(Request|Hinted)Error$/), code: 'VALIDATION' })
    expect((told as Error).message).toContain(message)
    expect(told).toHaveProperty('extensions', fields === undefined ? {} : { fields })
  })

  test('more rows than a list has is a limit, with what is possible', async () => {
    const asking = shop().during((rows) => rows.find('Order', { first: 1001 }))
    await expect(asking).rejects.toMatchObject({ code: 'LIMIT', extensions: { limit: 'maxPageSize', most: 1000 } })
  })

  test('an order by a field of a related row', async () => {
    const names = await shop().during(async (rows) => {
      const orders = await rows.find('Order', {
        where: { customer: { region: 'eu' } },
        orderBy: ['-customer.name', 'number'],
        first: 30,
      })
      return Promise.all(orders.map(async ({ customerId }) => (await rows.get('Customer', String(customerId)))!.name))
    })
    expect(names).toEqual(names.toSorted((a, b) => String(b).localeCompare(String(a))))
    expect(new Set(names).size).toBeGreaterThan(1)
  })

  test('leaves the transaction as it was: code goes on', async () => {
    const made = await shop().during(async (rows) => {
      await rows.find('Order', { orderBy: ['colour'] }).catch(() => undefined)
      await rows.update('Order', id, { colour: 1 }).catch(() => undefined)
      const row = await rows.create('Order', { number: 'W-2', customerId: shopId('customer', 'a', 1) })
      await rows.close()
      return row
    })
    expect(made).toMatchObject({ number: 'W-2' })
  })

  test('tells names to those alone who may know them', () => {
    const fault = new HintedError('There is no "a".', ['a'], 'Possible: "b".')
    const names = new ConstraintFields(shop().model)
    const told = (suggests: boolean) => createMaskError(names, () => undefined, suggests)(fault)
    expect(told(true).message).toBe('There is no "a". Possible: "b".')
    expect(told(false).message).toBe('There is no "a".')
    expect(told(false).extensions).toEqual({ code: 'VALIDATION', fields: ['a'] })
  })
})
