import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { absent, acme, boss, hiddenA, ours, ownA, ownB, sam, theirs, useDoors } from './doors.ts'
import { statements, without } from './without.ts'

// What a write gives back. Protection: the right to read; rows come back by a select of their own, RETURNING needs it as well.
const app = useDoors()
const letter = '00000000-0000-7000-8000-000000000501'

async function sql(text: string): Promise<string> {
  return app().database.asActor({ roles: ['seller'], tenant: acme, actor: sam }, async (client) => {
    await client.query('savepoint attempt')
    try {
      return JSON.stringify((await client.query(text)).rows)
    } catch (error) {
      const { code, detail = '' } = error as pg.DatabaseError
      return detail.includes('Dear') ? detail : String(code)
    } finally {
      await client.query('rollback to attempt')
    }
  })
}

describe('who may write and not read', () => {
  test('gets the id of what it made, and no row: who asks for it makes nothing', async () => {
    const make = (ask: string) => `mutation { createLetter(input: { letter: { body: "mine" } }) { id ${ask} } }`
    const { data, errors } = await app().as({}, make('letter { body topic }'))
    expect(data.createLetter).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    expect((await app().as({}, make(''))).data.createLetter.id).toMatch(/^[0-9a-f-]{36}$/)
    const count = '{ letters { totalCount } }'
    expect((await app().as({}, count)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect((await app().data(boss, count)).letters.totalCount).toBe(2)
  })

  test('changes and deletes no row that it cannot see, whichever', async () => {
    for (const verb of ['update', 'delete'] as const) {
      const patch = verb === 'update' ? ', patch: { topic: "x" }' : ''
      const told = await Promise.all(
        [letter, absent].map(async (id) => {
          const query = `mutation { ${verb}Letter(input: { id: "${id}"${patch} }) { id } }`
          return (await app().as({}, query)).text.replaceAll(id, 'ID')
        }),
      )
      expect(told[0]).toBe(told[1])
    }
    expect((await app().data(boss, `{ letter(id: "${letter}") { topic } }`)).letter).toEqual({ topic: 'pay' })
  })

  const returning = [
    `insert into app.letter (body) values ('x') returning body`,
    `insert into app.letter (body) values ('x') returning topic`,
    `insert into app.letter (body) values ('x') returning *`,
    `insert into app.letter (body) values ('x') on conflict do nothing returning id`,
    `insert into app.letter (id, body) values ('${letter}', 'x') on conflict (tenant_id, id) do update set topic = letter.body returning topic`,
    `update app.letter set topic = 'x' returning body`,
    `update app.letter set topic = body`,
    `update app.letter set topic = 'x' where body like 'Dear%'`,
    `delete from app.letter returning body`,
    `delete from app.letter where body like 'Dear%'`,
    `select body from app.letter for update`,
    `merge into app.letter l using (select 1) s on l.topic = 'pay' when matched then update set topic = l.body when not matched then do nothing`,
  ]
  test.each(returning)('by SQL: %s', async (text) => {
    expect(await sql(text)).toBe('42501')
  })

  test('with the right to select, RETURNING shows rows as policies do, and no others', async () => {
    const { prefix } = app().database.names
    const grant = `grant select on app.letter to "${prefix}_seller"`
    const revoke = `revoke select on app.letter from "${prefix}_seller"`
    const granted = statements([grant], [revoke])
    expect(await without(app(), granted, () => sql('delete from app.letter returning body'))).toBe('[]')
    const opened = statements(
      [grant, 'create policy opened on app.letter for select to public using (true)'],
      ['drop policy opened on app.letter', revoke],
    )
    expect(await without(app(), opened, () => sql('delete from app.letter returning body'))).toContain('Dear boss')
  })
})

describe('who may read a part', () => {
  const change = `mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) {
    order { number margin share } query { orders { totalCount aggregates { sum { margin amount } } } } } }`

  test('gets that part back, and totals of it', async () => {
    const { data, errors } = await app().as({}, change, { id: ownA, patch: { weight: 4 } })
    expect(errors).toEqual([])
    expect(data.updateOrder).toEqual({
      order: { number: 'A', margin: null, share: null },
      query: { orders: { totalCount: 2, aggregates: { sum: { margin: '0', amount: '30.00' } } } },
    })
  })

  test('writes no field that it may not, to read it in an error', async () => {
    for (const margin of ['1.50', '2', '99999999999999999', null]) {
      const { errors, text } = await app().as({}, change, { id: ownA, patch: { margin } })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      expect(text).not.toMatch(/1\.5/)
    }
  })

  test('gets nothing of a row that the change hands over, made or changed', async () => {
    const away = await app().as({}, change, { id: ownB, patch: { customerId: theirs } })
    expect(away.text).not.toMatch(/9\.00|loud/)
    const make = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id order { number customer { code memo } } } }`
    const made = await app().as({}, make, { order: { number: 'M', amount: '1', customerId: ours } })
    expect(made.data.createOrder.order).toEqual({ number: 'M', customer: { code: 'OURS', memo: null } })
    const hidden = await app().as({}, make, { order: { number: 'M2', amount: '1', customerId: theirs } })
    expect(hidden.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['customerId'] } }])
    expect(hidden.text).not.toContain(hiddenA)
  })
})
