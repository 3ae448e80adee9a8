import { beforeAll, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { Model, SortKey } from '#schema'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const lists = (to: string, by: string) => ({ kind: 'many', to, by }) as const

const made = m.makeModel({
  entities: {
    Team: { fields: { name: m.text() } },
    Customer: {
      fields: { name: m.text() },
      relations: { team: m.one('Team') },
      lists: {
        orders: lists('Order', 'customer'),
        visits: lists('Visit', 'customer'),
        calls: lists('Call', 'customer'),
        account: { kind: 'hasOne', to: 'Account', by: 'customer' },
      },
    },
    Order: {
      fields: { number: m.text() },
      relations: { customer: m.one('Customer'), payer: m.one('Customer', { optional: true }) },
      lists: { lines: lists('Line', 'order') },
    },
    Line: { relations: { order: m.one('Order', { part: true, position: 'order_position' }) } },
    Account: { relations: { customer: m.one('Customer') } },
    Visit: { fields: { day: m.plain('date') }, relations: { customer: m.one('Customer') } },
    Call: { fields: { day: m.optional(m.plain('date')) }, relations: { customer: m.one('Customer') } },
    Folder: {
      relations: { parent: m.one('Folder', { optional: true }) },
      lists: { children: lists('Folder', 'parent') },
      tree: 'parent',
    },
  },
  roles: { clerk: [] },
  policies: { Order: [m.allow('all', 'clerk', ['read'])], Visit: [m.allow('all', 'clerk', ['read'])] },
})
const byDay: readonly SortKey[] = [{ name: 'day', descending: true }]
const model: Model = {
  ...made,
  entities: made.entities.map((each) => (/^(Visit|Call)$/.test(each.name) ? { ...each, sort: byDay } : each)),
}
const catalog = buildCatalog(model)

function keysOf(name: string): Readonly<Record<string, string>> {
  const { indexes } = catalog.tables.find((table) => table.name === name)!
  return Object.fromEntries(indexes.map((each) => [each.name, each.keys.join().replaceAll('"', '')]))
}

test('an index of a to-one ends with the key where a list reads pages by it, and only there', () => {
  expect(keysOf('order')).toEqual({
    order_customer_idx: 'tenant_id,customer_id,id',
    order_payer_idx: 'tenant_id,payer_id',
  })
  expect(keysOf('customer')).toEqual({ customer_team_idx: 'tenant_id,team_id' })
  expect(keysOf('account')).toEqual({ account_customer_idx: 'tenant_id,customer_id' })
  expect(keysOf('folder')).toEqual({ folder_parent_idx: 'tenant_id,parent_id,id' })
})

test('where lists have an order of their own the index ends with that, if nothing in it is null', () => {
  expect(keysOf('visit')).toEqual({ visit_customer_idx: 'tenant_id,customer_id,day desc,id desc' })
  expect(keysOf('call')).toEqual({ call_customer_idx: 'tenant_id,customer_id' })
})

test('places of ordered parts have a key already', () => {
  expect(keysOf('line')).toEqual({ line_order_idx: 'tenant_id,order_id' })
})

const db = useDatabase()
const tenant = '00000000-0000-7000-8000-000000000001'
const owned = `(select n, case when n % 4000 = 0 then 1 when n % 120 = 0 then 2 else 3 end as c from generate_series(1, 12000) n) o`
const customer = (n: number | string) => `md5('c' || ${n})::uuid`

beforeAll(async () => {
  await db().applyCatalog(catalog)
  // Of three customers the first has three orders, the second a hundred, the third all others.
  await db().asOwner((client) =>
    client.query(
      `insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'acme', 'Acme');
       alter table app.team disable trigger user; alter table app.customer disable trigger user;
       alter table app."order" disable trigger user; alter table app.visit disable trigger user;
       insert into app.team (tenant_id, id, name) values ('${tenant}', md5('t')::uuid, 'Team');
       insert into app.customer (tenant_id, id, name, team_id) select '${tenant}', ${customer('n')}, 'C' || n, md5('t')::uuid from generate_series(1, 3) n;
       insert into app."order" (tenant_id, number, customer_id) select '${tenant}', 'O' || n, ${customer('c')} from ${owned};
       insert into app.visit (tenant_id, day, customer_id) select '${tenant}', '2020-01-01'::date + n % 2000, ${customer('c')} from ${owned}`,
    ),
  )
  await db().asRole(db().names.owner, (client) => client.query('analyze app."order", app.visit, app.customer'))
})

/** Lines of the plan that serves all values. */
async function planOf(text: string): Promise<string> {
  return db().asActor({ roles: ['clerk'], tenant }, async (client) => {
    await client.query('set local plan_cache_mode = force_generic_plan')
    await client.query(`prepare listed (uuid) as ${text}`)
    const { rows } = await client.query(`explain execute listed (${customer(1)})`)
    await client.query('deallocate listed')
    return rows.map((row) => String(row['QUERY PLAN'])).join('\n')
  })
}

test.each([
  ['order', 'id', /Index Scan using order_customer_idx/],
  ['order', 'id desc', /Index Scan Backward using order_customer_idx/],
  ['visit', 'day desc, id desc', /Index (Only )?Scan using visit_customer_idx/],
  ['visit', 'day, id', /Index (Only )?Scan Backward using visit_customer_idx/],
])('pages of %s by %s are read from the index, whoever they belong to', async (table, order, way) => {
  const plan = await planOf(`select id from app."${table}" where customer_id = $1 order by ${order} limit 4`)
  expect(plan).toMatch(way)
  expect(plan).not.toContain('Sort')
})
