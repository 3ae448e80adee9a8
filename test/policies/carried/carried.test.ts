import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { carriedColumnsOf, entityOf, indexModel, pathFormsOf } from '#policies'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { type TestActor, useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { acme, ann, globex, ours, row, rows, tradeModel } from './trade-model.ts'

const seller: TestActor = { roles: ['seller'], tenant: acme, actor: ann }
const boss: TestActor = { roles: ['boss'], tenant: acme, actor: ann }
const model = tradeModel({
  notes: m.path('order', ours),
  lines: m.path('order', m.all(ours, m.compare('state', 'is', 'draft'))),
})

describe('what is carried', () => {
  const index = indexModel(model)
  const columns = (name: string) => carriedColumnsOf(entityOf(index, name), index).map(({ column }) => column)

  test('each row holds the end of the path, and the rows between carry it on', () => {
    expect(columns('Payment')).toEqual(['invoice_order_customer_team_id'])
    expect(columns('Invoice')).toEqual(['order_customer_team_id'])
    expect(columns('Order')).toEqual(['customer_team_id'])
    expect(columns('Line')).toEqual(['order_customer_team_id'])
    expect(columns('Customer')).toEqual([])
  })

  test('a relation that may be empty is never carried, and the path says so', () => {
    expect(columns('Note')).toEqual([])
    const [form] = pathFormsOf(m.path('order', ours), entityOf(index, 'Note'), index)
    expect(form).toMatchObject({
      form: 'array',
      columns: [],
      notCarried: [{ path: ['order', 'customer', 'team'], why: 'optional' }],
    })
  })

  test('beside other tests the carried one narrows, and the rest is looked up by hash', () => {
    const where = m.path('order', m.all(ours, m.compare('state', 'is', 'draft')))
    const [form] = pathFormsOf(where, entityOf(index, 'Line'), index)
    expect(form).toMatchObject({ form: 'hashed', columns: ['order_customer_team_id'], notCarried: [] })
    const [states] = pathFormsOf(m.path('order', m.compare('state', 'is', 'draft')), entityOf(index, 'Line'), index)
    expect(states).toMatchObject({ form: 'array', columns: [], notCarried: [] })
  })

  test.each([
    ['the row outlives what it leads to', 'keep', { onRemove: 'keep' as const }],
    ['the relation may be empty', 'optional', { optional: true }],
  ])('not where %s', (_, why, options) => {
    const { entities } = tradeModel()
    const changed = entities.map((entity) =>
      entity.name !== 'Order'
        ? entity
        : { ...entity, relations: entity.relations.map((each) => ({ ...each, ...options })) },
    )
    const other = indexModel({ ...tradeModel(), entities: changed as typeof entities })
    const [form] = pathFormsOf(m.path('invoice', m.path('order', ours)), entityOf(other, 'Payment'), other)
    expect(form?.notCarried).toEqual([{ path: ['invoice', 'order', 'customer', 'team'], why }])
    expect(carriedColumnsOf(entityOf(other, 'Payment'), other)).toEqual([])
  })

  test.each([
    ['rows on the way expire', 'expires', { expires: 'until' }],
    ['the table was there before', 'foreign', { source: { kind: 'adopted' } }],
    ['rows on the way are never changed', 'immutable', { immutable: true }],
    ['rows on the way belong to all tenants', 'tenant', { tenancy: 'shared' }],
  ])('not where %s', (_, why, options) => {
    const { entities } = tradeModel()
    const changed = entities.map((entity) => (entity.name === 'Invoice' ? { ...entity, ...options } : entity))
    const other = indexModel({ ...tradeModel(), entities: changed as typeof entities })
    const [form] = pathFormsOf(m.path('invoice', m.path('order', ours)), entityOf(other, 'Payment'), other)
    expect(form?.notCarried).toEqual([{ path: ['invoice', 'order', 'customer', 'team'], why }])
  })

  test('a name that is taken keeps a column out', () => {
    const given = tradeModel()
    const taken = { ...given.entities[0]!.fields[0]!, name: 'x', column: 'order_customer_team_id', builtIn: false }
    const changed = given.entities.map((entity) =>
      entity.name === 'Invoice' ? { ...entity, fields: [...entity.fields, taken] } : entity,
    )
    const other = indexModel({ ...given, entities: changed })
    const [form] = pathFormsOf(m.path('invoice', m.path('order', ours)), entityOf(other, 'Payment'), other)
    expect(form).toMatchObject({ form: 'array', notCarried: [{ why: 'name' }] })
  })
})

describe('in Postgres', () => {
  const db = useDatabase()
  beforeAll(async () => {
    await expectCatalogReadBack(db(), buildCatalog(model))
    await db().asOwner((client) => client.query(rows))
  })

  const seen = async (table: string, who = seller) =>
    db().asActor(who, async (client) => {
      const { rows: found } = await client.query<{ id: string }>(`select id from app."${table}" order by id`)
      return found.map(({ id }) => id)
    })
  const asBoss = (text: string, values: unknown[] = []) => db().asActor(boss, (client) => client.query(text, values))
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code: string }) => error.code,
    )

  test('a chain of three shows what hangs on the caller, within the tenant', async () => {
    expect(await seen('payment')).toEqual([row(acme, 'payment', 1)])
    expect(await seen('payment', { ...seller, tenant: globex })).toEqual([row(globex, 'payment', 1)])
    expect(await seen('note')).toEqual([row(acme, 'note', 1)])
    expect(await seen('line')).toEqual([row(acme, 'line', 1)])
  })

  test('a parent that moves takes along what hangs on it, and nothing is changed by that', async () => {
    const when = () =>
      db().asOwner(async (client) => (await client.query('select id, updated_at from app.payment order by id')).rows)
    const before = await when()
    await asBoss('update app."order" set customer_id = $1 where id = $2', [
      row(acme, 'customer', 1),
      row(acme, 'order', 2),
    ])
    expect(await seen('payment')).toEqual([row(acme, 'payment', 1), row(acme, 'payment', 2)])
    await asBoss('update app.customer set team_id = $1 where id = $2', [row(acme, 'team', 2), row(acme, 'customer', 1)])
    expect(await seen('payment')).toEqual([])
    await asBoss('update app.customer set team_id = $1 where id = $2', [row(acme, 'team', 1), row(acme, 'customer', 1)])
    await asBoss('update app."order" set customer_id = $1 where id = $2', [
      row(acme, 'customer', 2),
      row(acme, 'order', 2),
    ])
    expect(await seen('payment')).toEqual([row(acme, 'payment', 1)])
    expect(await when()).toEqual(before)
  })

  test('a row that comes to lead elsewhere follows', async () => {
    await asBoss('update app.payment set invoice_id = $1 where id = $2', [
      row(acme, 'invoice', 1),
      row(acme, 'payment', 2),
    ])
    expect(await seen('payment')).toEqual([row(acme, 'payment', 1), row(acme, 'payment', 2)])
    await asBoss('update app.payment set invoice_id = $1 where id = $2', [
      row(acme, 'invoice', 2),
      row(acme, 'payment', 2),
    ])
    expect(await seen('payment')).toEqual([row(acme, 'payment', 1)])
  })

  test('what the rule allows to make is judged by what the row leads to', async () => {
    const make = (at: 1 | 2) =>
      db().asActor(seller, async (client) => {
        await client.query('insert into app.payment (amount, invoice_id) values (5, $1)', [row(acme, 'invoice', at)])
        throw Object.assign(new Error('undone'), { code: 'made' })
      })
    expect(await code(make(1))).toBe('made')
    expect(await code(make(2))).toBe('42501')
    const hand = db().asActor(seller, (client) =>
      client.query('update app.payment set invoice_id = $1 where id = $2', [
        row(acme, 'invoice', 2),
        row(acme, 'payment', 1),
      ]),
    )
    expect(await code(hand)).toBe('42501')
  })

  test('a caller neither reads nor writes a copy', async () => {
    const team = row(acme, 'team', 1)
    for (const who of [seller, boss]) {
      const ask = (text: string) => code(db().asActor(who, (client) => client.query(text)))
      expect(await ask('select invoice_order_customer_team_id from app.payment')).toBe('42501')
      expect(await ask(`update app.payment set invoice_order_customer_team_id = '${team}'`)).toBe('42501')
      const forged = `insert into app.payment (amount, invoice_id, invoice_order_customer_team_id) values (1, '${row(acme, 'invoice', 2)}', '${team}')`
      expect(await ask(forged)).toBe('42501')
    }
  })

  test('a copy that is not what it was copied from cannot be, whoever writes it', async () => {
    const team = row(acme, 'team', 1)
    const forge = db().asOwner((client) =>
      client.query(`update app.payment set invoice_order_customer_team_id = '${team}' where id = $1`, [
        row(acme, 'payment', 2),
      ]),
    )
    expect(await code(forge)).toBe('23503')
    await expect(
      db().asOwner(async (client) => {
        await client.query(
          `insert into app.payment (tenant_id, amount, invoice_id, invoice_order_customer_team_id) values ($1, 9, $2, $3)`,
          [acme, row(acme, 'invoice', 2), team],
        )
        const { rows: found } = await client.query(
          'select invoice_order_customer_team_id as team from app.payment where amount = 9',
        )
        throw new Error(found[0].team)
      }),
    ).rejects.toThrow(row(acme, 'team', 2))
  })

  test('nothing behind a live row is removed', async () => {
    const remove = (table: 'customer' | 'order' | 'invoice') =>
      code(asBoss(`select rowhouse_private.remove_${table}($1)`, [row(acme, table, 1)]))
    expect([await remove('customer'), await remove('order'), await remove('invoice')]).toEqual([
      '23001',
      '23001',
      '23001',
    ])
    for (const table of ['customer', 'order', 'invoice'])
      expect(await code(asBoss(`update app."${table}" set deleted_at = now()`))).toBe('42501')
    // Postgres 18 says 23001, earlier ones 23503.
    expect(await code(asBoss('delete from app.invoice where id = $1', [row(acme, 'invoice', 1)]))).toMatch(
      /^23[05]0[13]$/,
    )
  })

  test('a part is removed with its whole, and comes back with it alone', async () => {
    const at = row(acme, 'order', 1)
    // Nothing else may hang on the order.
    await asBoss('select rowhouse_private.remove_payment($1)', [row(acme, 'payment', 1)])
    await asBoss('select rowhouse_private.remove_invoice($1)', [row(acme, 'invoice', 1)])
    await asBoss('select rowhouse_private.remove_note($1)', [row(acme, 'note', 1)])
    await asBoss('select rowhouse_private.remove_order($1)', [at])
    expect(await seen('line')).toEqual([])
    expect(await code(asBoss('select rowhouse_private.restore_line($1)', [row(acme, 'line', 1)]))).toBe('23001')
    expect(await code(asBoss('select rowhouse_private.restore_payment($1)', [row(acme, 'payment', 1)]))).toBe('23001')
    // A new row cannot hang on a removed one.
    expect(await code(asBoss('insert into app.line (amount, order_id) values (1, $1)', [at]))).toBe('RH404')
    await asBoss('select rowhouse_private.restore_order($1)', [at])
    expect(await seen('line')).toEqual([row(acme, 'line', 1)])
  })
})
