import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { workflowApp, workflowRoles } from './workflow-app.ts'

const app = useWrittenServer(workflowApp, workflowRoles)
let order = ''
let theirs = ''

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
  order = await placed(acme)
  theirs = await placed(globex)
})

async function placed(tenant: string): Promise<string> {
  const text =
    'mutation { createOrder(input: { order: { title: "a", terms: "x", items: { create: [{ text: "i" }] } } }) { id } }'
  const { data, errors } = await app().ask(text, {}, { tenant })
  expect(errors).toEqual([])
  const { id } = data.createOrder
  expect((await app().ask(`mutation { placeOrder(input: { id: "${id}" }) { id } }`, {}, { tenant })).errors).toEqual([])
  return id
}

/** As whom, by SQL, with the claims as given; nothing is kept. */
const as = <T>(role: string, task: (client: pg.Client) => Promise<T>): Promise<T> =>
  app().database.asActor({ roles: [role], tenant: acme, actor: ann }, task)

const entry = `insert into app.order_transition (tenant_id, order_id, step, verb, "from", "to", at) values ('${acme}', '%', 99, 'ship', 'approved', 'shipped', now())`

const attempts: readonly (readonly [title: string, text: () => string])[] = [
  ['sets a status', () => `update app."order" set status = 'shipped'`],
  ['sets a status where callers write', () => `update app.order__rows set status = 'shipped' where id = '${order}'`],
  ['gives a new row a status', () => `insert into app.order__rows (title, status) values ('x', 'shipped')`],
  [
    'sets a status by merging',
    () =>
      `merge into app.order__rows o using (select 1) s on o.id = '${order}' when matched then update set status = 'shipped'`,
  ],
  [
    'sets a status where a row is there already',
    () => `insert into app.order__rows (title) values ('x') on conflict (id) do update set status = 'shipped'`,
  ],
  ['takes the number of a transition', () => `update app.order__rows set shipment = 'S-9999' where id = '${order}'`],
  ['forges a transition', () => entry.replace('%', order)],
  ['rewrites a transition', () => `update app.order_transition set verb = 'ship'`],
  ['says that another did it', () => `update app.order_transition set by_id = null`],
  ['takes a transition away', () => 'delete from app.order_transition'],
  ['takes all away', () => 'truncate app.order_transition'],
  ['locks them', () => 'select verb from app.order_transition for update'],
  ['turns triggers off', () => 'alter table app."order" disable trigger all'],
  ['drops the policies', () => 'alter table app.order_transition disable row level security'],
  [
    'replaces the function',
    () =>
      `create or replace function rowhouse_private.act_ship__order(row_id uuid, note text default null, if_updated_at timestamptz default null) returns text language sql as $$ select 'updated' $$`,
  ],
]

describe.each(workflowRoles)('nobody as %s', (role) => {
  test.each(attempts)('%s', async (_title, text) => {
    await expect(as(role, (client) => client.query(text()))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|42P10)$/),
    })
  })
})

describe('the functions of transitions', () => {
  test.each([
    ['guest', 'place'],
    ['guest', 'ship'],
    ['clerk', 'approve'],
    ['clerk', 'ship'],
    ['manager', 'ship'],
    ['stranger', 'place'],
  ])('are not for %s: %s', async (role, verb) => {
    const call = as(role, (client) => client.query(`select rowhouse_private.act_${verb}__order($1)`, [order]))
    await expect(call).rejects.toMatchObject({ code: '42501' })
  })

  test('know nothing of rows of others, whatever the state', async () => {
    for (const verb of ['place', 'approve', 'ship', 'cancel', 'reopen']) {
      const call = `select rowhouse_private.act_${verb}__order($1) as answer`
      expect((await as('admin', (client) => client.query(call, [theirs]))).rows).toEqual([{ answer: 'missing' }])
    }
  })

  test('believe the role that asks, not who has become somebody on the way', async () => {
    // A function of the caller's own would run as the caller; there is no way to become the owner of ours.
    const become = as('clerk', (client) => client.query(`set local role "${app().database.names.private}"`))
    await expect(become).rejects.toMatchObject({ code: '42501' })
  })

  test('add to the transitions, and not even they change them', async () => {
    const asPrivate = (text: string) =>
      app().database.asRole(app().database.names.private, (client) => client.query(text), {
        'rowhouse.tenant_id': acme,
      })
    for (const text of [`update app.order_transition set verb = 'x'`, 'delete from app.order_transition'])
      await expect(asPrivate(text)).rejects.toMatchObject({ code: '42501' })
    await expect(asPrivate(entry.replace('%', order).replaceAll(acme, globex))).rejects.toMatchObject({ code: '42501' })
  })
})

test('transitions show where their row does', async () => {
  const seen = (role: string) =>
    as(role, async (client) => (await client.query('select order_id from app.order_transition')).rows.length)
  expect([await seen('admin'), await seen('clerk'), await seen('guest'), await seen('stranger')]).toEqual([1, 1, 0, 0])
})
