import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, globex, useWrittenServer } from '../options/written-server.ts'
import { dispatchApp, eventsIn } from './dispatch-app.ts'

const app = useWrittenServer(dispatchApp, ['admin'])
let order = ''

beforeAll(async () => {
  const text = 'mutation { createOrder(input: { order: { title: "a" } }) { id } }'
  order = (await app().ask(text)).data.createOrder.id
})

const asAdmin = <T>(task: (client: pg.Client) => Promise<T>, tenant = acme): Promise<T> =>
  app().database.asActor({ roles: ['admin'], tenant, actor: ann }, task)

const forged = `'Order', 'approved', '00000000-0000-7000-8000-000000000001', '{}'`

const attempts: readonly (readonly [title: string, text: string])[] = [
  ['reads them', 'select * from rowhouse.event'],
  ['counts them', 'select count(*) from rowhouse.event'],
  ['forges one', `insert into rowhouse.event (entity, type, key, data) values (${forged})`],
  [
    'forges one of another tenant',
    `insert into rowhouse.event (tenant_id, entity, type, key, data) values ('${globex}', ${forged})`,
  ],
  ['rewrites one', `update rowhouse.event set type = 'approved'`],
  ['takes them away', 'delete from rowhouse.event'],
  ['takes all away', 'truncate rowhouse.event'],
  ['locks them', 'select id from rowhouse.event for update'],
  ['counts on', `select nextval('rowhouse.event_revision_seq')`],
  ['turns the trigger off', 'alter table app."order" disable trigger rowhouse_6_event'],
  ['drops the trigger', 'drop trigger rowhouse_6_event on app."order"'],
  ['turns all triggers off', 'set session_replication_role = replica'],
  [
    'replaces the function',
    `create or replace function rowhouse_private.event_order() returns trigger language sql as ''`,
  ],
  ['opens the table', 'alter table rowhouse.event disable row level security'],
  ['puts a rule before it', 'create rule r as on insert to rowhouse.event do instead nothing'],
  ['shadows the table', 'create temporary table event (like rowhouse.event)'],
]

describe('nobody reads or writes an event by hand', () => {
  test.each(attempts)('who %s', async (_title, text) => {
    await expect(asAdmin((client) => client.query(text))).rejects.toMatchObject({ code: '42501' })
  })

  test('who calls the function of the trigger', async () => {
    await expect(asAdmin((client) => client.query('select rowhouse_private.event_order()'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000)$/),
    })
  })

  test('not even the functions that decide rules, of another tenant or afterwards', async () => {
    const { database } = app()
    const asPrivate = (text: string) =>
      database.asRole(database.names.private, (client) => client.query(text), { 'rowhouse.tenant_id': globex })
    expect((await asPrivate(`select from rowhouse.event where key = '${order}'`)).rowCount).toBe(0)
    expect((await asPrivate(`delete from rowhouse.event where key = '${order}'`)).rowCount).toBe(0)
    await expect(asPrivate(`update rowhouse.event set type = 'x'`)).rejects.toMatchObject({ code: '42501' })
    await expect(
      asPrivate(`insert into rowhouse.event (tenant_id, entity, type, key, data) values ('${acme}', ${forged})`),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('a change by SQL is told like any other, and says no more than what was done', async () => {
    await asAdmin((client) =>
      client
        .query(`select set_config('rowhouse.transition', '{"verb":"approve"}', true)`)
        .then(() => client.query(`update app."order" set title = 'by hand' where id = '${order}'`)),
    )
    const events = await eventsIn(app().database, order)
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['created', expect.anything()],
      ['updated', { changed: ['title'], values: { title: 'by hand' } }],
    ])
  })

  test('GraphQL has no type, field or mutation of them', async () => {
    const { data } = await app().ask('{ __schema { types { name fields { name } inputFields { name } } } }')
    const names = JSON.stringify(data).match(/"name":"[^"]*[eE]vents?"/g) ?? []
    expect(names).toEqual([])
  })
})
