import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import {
  absent,
  acme,
  boss,
  foreignCustomer,
  foreignOrder,
  gil,
  globex,
  hiddenA,
  north,
  south,
  theirs,
  useDoors,
} from './doors.ts'
import { statements, without } from './without.ts'

// Unique values, foreign keys and what rows carry of others. Protection: keys begin with the tenant, triggers ask whether the writer sees a target, and copies are held by keys.
const app = useDoors()
const far = { sub: gil, tenant: globex, roles: ['boss'] }

describe('a value that is taken', () => {
  /** Another change fails in any case, so none is kept; what is said of the first tells whether the number is taken. */
  const make = async (number: string) => {
    const query = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } updateOrder(input: { id: "${absent}", patch: { weight: 1 } }) { id } }`
    const given = { order: { number, amount: '1', customerId: foreignCustomer } }
    return (await app().as(far, query, given)).text.replaceAll(number, 'NUMBER')
  }

  test('is taken in its tenant alone', async () => {
    const free = await make('nowhere')
    expect(await make('X')).toBe(free)
    const shared = statements(
      [`create unique index opened on app."order" (number) where number = 'X'`],
      ['drop index app.opened'],
    )
    expect(await without(app(), shared, () => make('X'))).not.toBe(free)
  })

  test('is told by the names of fields, and neither by the value, the row nor the key', async () => {
    const { errors, text } = await app().as(
      boss,
      'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }',
      { order: { number: 'X', amount: '1', customerId: theirs } },
    )
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', fields: ['number'] } }])
    for (const told of ['"X"', hiddenA, acme, 'order_number_key']) expect(text).not.toContain(told)
  })
})

describe('a row to lead to', () => {
  const lead = async (orderId: string) => {
    const query =
      'mutation ($line: OrderLineInput!) { createOrderLine(input: { orderLine: $line }) { clientMutationId } }'
    const answer = await app().as({}, query, { line: { text: 'new', price: 1, orderId } })
    return answer.text.replaceAll(orderId, 'ID')
  }

  test('is there for whoever sees it: hidden, foreign and absent are one answer', async () => {
    const told = async () => new Set([await lead(hiddenA), await lead(foreignOrder), await lead(absent)])
    expect([...(await told())]).toEqual([expect.stringContaining('NOT_FOUND')])
    const links = statements(
      ['alter table app.order_line disable trigger rowhouse_1_link'],
      ['alter table app.order_line enable trigger rowhouse_1_link'],
    )
    expect((await without(app(), links, told)).size).toBeGreaterThan(1)
  })
})

describe('what a row carries of another', () => {
  /** Says that a hidden order hangs on another team, as nobody but the owner of the tables could. */
  const forge = (team: string) =>
    app()
      .database.asOwner((client) =>
        client.query(`update app."order" set customer_team_id = '${team}' where id = '${hiddenA}'`),
      )
      .then(
        () => 'forged',
        ({ code }: pg.DatabaseError) => code,
      )

  const seen = async () => (await app().data({}, '{ orders { totalCount } }')).orders.totalCount

  test('is what that one says, whoever writes it', async () => {
    expect(await forge(north)).toBe('23503')
    expect(await seen()).toBe(2)
    const [key, definition] = [
      'order_customer_team_carried_fkey',
      'foreign key (tenant_id, customer_id, customer_team_id) references app.customer (tenant_id, id, team_id) on update cascade on delete restrict',
    ]
    const keys = statements(
      [`alter table app."order" drop constraint ${key}`],
      [
        ...['"order"', 'customer'].map((table) => `alter table app.${table} no force row level security`),
        `alter table app."order" add constraint ${key} ${definition}`,
        ...['"order"', 'customer'].map((table) => `alter table app.${table} force row level security`),
      ],
    )
    const told = await without(app(), keys, async () => {
      expect(await forge(north)).toBe('forged')
      const orders = await seen()
      expect(await forge(south)).toBe('forged')
      return orders
    })
    expect(told).toBe(3)
  })
})
