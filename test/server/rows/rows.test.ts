import { describe, expect, test } from 'vitest'
import { globex, shopId } from '../shop.ts'
import { useOpenShop } from './open-shop.ts'

const shop = useOpenShop()
const customer = shopId('customer', 'a', 1)

const order = (number: string) => ({ number, customerId: customer })

describe('rows as code reads them', () => {
  test('are under the names of the API, amounts and large numbers as text', async () => {
    const made = await shop().during(async (rows) => {
      const { id } = await rows.create('Order', {
        ...order('R-1'),
        total: '12.50',
        fee: '1.25',
        serial: 9007199254740993n,
      })
      return await rows.get('Order', String(id))
    })
    expect(made).toMatchObject({
      ...{ number: 'R-1', total: '12.50', fee: '1.25', serial: '9007199254740993', status: 'draft' },
      ...{ urgent: false, wantedOn: null, customerId: customer },
    })
    expect(Object.keys(made!)).not.toContain('lines')
  })

  test('have choices as they are stored, in values, conditions and answers', async () => {
    const found = await shop().during((rows) => rows.find('Customer', { where: { region: 'eu' }, orderBy: ['name'] }))
    expect(found.map(({ region }) => region)).toEqual(['eu', 'eu', 'eu', 'eu'])
    const made = await shop().during((rows) => rows.create('Customer', { name: 'Far', region: 'us-east' }))
    // Sales of Europe may not read it.
    expect(made).toEqual({ id: expect.any(String) })
  })

  test('are found by the words of policies, ordered and in pages', async () => {
    const where = { status: 'placed', total: { over: '50.00', atMost: '400.40' }, wantedOn: { isNot: null } }
    await shop().during(async (rows) => {
      const all = await rows.find('Order', { where, orderBy: ['-total'] })
      expect(all.map(({ number }) => number)).toEqual(
        Array.from({ length: 36 }, (_, at) => 40 - at)
          .filter((n) => n % 2 === 0 && n % 3 !== 0 && n > 4)
          .map((n) => `SO-${n}`),
      )
      const first = await rows.find('Order', { where, orderBy: ['-total'], first: 3 })
      const next = await rows.find('Order', { where, orderBy: ['-total'], first: 3, after: String(first[2]!.id) })
      expect([...first, ...next]).toEqual(all.slice(0, 6))
    })
  })

  test('are found by related rows, as far as the caller sees them', async () => {
    await shop().during(async (rows) => {
      const one = await rows.find('Order', {
        where: { customer: { name: 'Acme customer 1' }, not: { status: 'draft' } },
      })
      expect(one.length).toBeGreaterThan(0)
      expect(new Set(one.map(({ customerId }) => customerId))).toEqual(new Set([customer]))
      const many = await rows.find('Order', { where: { lines: { some: { quantity: { atLeast: 2 } } } }, first: 1000 })
      expect(many.length).toBe(48)
      expect(await rows.find('Order', { where: { anyOf: [{ number: 'SO-1' }, { number: 'SO-2' }] } })).toHaveLength(2)
      // Of us-east, which the caller does not read.
      expect(await rows.find('Order', { where: { customer: { region: 'us-east' } } })).toEqual([])
    })
  })

  test('are a hundred unless said', async () => {
    expect(await shop().during((rows) => rows.find('Order'))).toHaveLength(100)
  })
})

describe('rows as code writes them', () => {
  test('are changed, removed, brought back and deleted', async () => {
    await shop().during(async (rows) => {
      const { id } = await rows.create('Order', order('R-2'))
      expect(await rows.update('Order', String(id), { urgent: true })).toMatchObject({ urgent: true })
      await rows.remove('Order', String(id))
      expect(await rows.get('Order', String(id))).toBeNull()
      expect(await rows.restore('Order', String(id))).toMatchObject({ number: 'R-2' })
      await rows.delete('Order', String(id))
      await expect(rows.delete('Order', String(id))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })

  test('meet the refusals of the API, and code may go on', async () => {
    await shop().during(async (rows) => {
      await expect(rows.create('Order', order('SO-1'))).rejects.toMatchObject({
        code: 'CONFLICT',
        extensions: { fields: ['number'] },
      })
      await expect(rows.create('Order', { ...order('R-3'), colour: 'red' })).rejects.toMatchObject({
        code: 'VALIDATION',
      })
      await expect(rows.update('Order', shopId('order', 'a', 1), { total: '1.234' })).rejects.toMatchObject({
        code: 'VALIDATION',
      })
      await expect(rows.create('Product', { sku: 'P9', name: 'Nine' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(rows.create('Invoice', {})).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(rows.find('Nothing')).rejects.toMatchObject({ code: 'VALIDATION' })
      expect(await rows.create('Order', order('R-3'))).toMatchObject({ number: 'R-3' })
    })
    const kept = await shop().during((rows) => rows.find('Order', { where: { number: 'R-3' } }))
    expect(kept).toHaveLength(1)
  })

  test('are all undone where the work fails', async () => {
    const failed = shop().during(async (rows) => {
      await rows.create('Order', order('R-4'))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await shop().during((rows) => rows.find('Order', { where: { number: 'R-4' } }))).toEqual([])
  })

  test('a read that breaks the transaction is told when it is over, also where code passes over it', async () => {
    const passing = shop().during(async (rows) => {
      await rows.create('Order', order('R-8'))
      await rows.find('Order', { where: { number: 'a\u0000' } }).catch(() => undefined)
      await rows.close()
    })
    await expect(passing).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(await shop().during((rows) => rows.find('Order', { where: { number: 'R-8' } }))).toEqual([])
  })

  test('of another tenant are not there', async () => {
    await shop().during(async (rows) => {
      const theirs = shopId('order', 'b', 1)
      expect(await rows.get('Order', theirs)).toBeNull()
      await expect(rows.update('Order', theirs, { urgent: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(
        rows.create('Order', { number: 'R-5', customerId: shopId('customer', 'b', 1) }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
    expect(await shop().during((rows) => rows.get('Order', shopId('order', 'b', 1)), { tenant: globex })).not.toBeNull()
  })

  test('count towards what a request may write, and calls at once run one after the other', async () => {
    await shop().during(async (rows) => {
      const made = await Promise.all(Array.from({ length: 5 }, (_, n) => rows.create('Order', order(`R-6-${n}`))))
      expect(new Set(made.map(({ id }) => id)).size).toBe(5)
      const lines = Array.from({ length: 996 }, () => ({
        quantity: 1,
        unitPrice: '1',
        productId: shopId('product', 'a', 1),
      }))
      await expect(rows.create('Order', { ...order('R-7'), lines: { create: lines } })).rejects.toMatchObject({
        code: 'LIMIT',
      })
    })
  })
})
