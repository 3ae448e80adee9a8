import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedApp, serveApp } from '../../support/served-app.ts'
import { recordStatements, type StatementRecorder } from '../../support/statement-recorder.ts'
import {
  absent,
  acme,
  foreignCustomer,
  foreignOrder,
  goneCustomer,
  goneOrder,
  hiddenA,
  ownA,
  sam,
  theirs,
  useDoors,
} from './doors.ts'
import { functionOf, readPolicies, without } from './without.ts'

// Time tells what answers do not. Protection: for a hidden row the same statements are sent as for none, no lock is taken, and nobody waits for one.
const app = useDoors()
let recorder: StatementRecorder
let server: ServedApp
beforeAll(async () => {
  recorder = await recordStatements(app().database.loginUrl)
  server = await serveApp(app().model, { loginUrl: recorder.url }, { poolSize: 1 })
})
afterAll(async () => {
  await server.close()
  await recorder.close()
})

const orders = { hidden: hiddenA, foreign: foreignOrder, removed: goneOrder, absent }
const customers = { hidden: theirs, foreign: foreignCustomer, removed: goneCustomer, absent }
const attempts: readonly (readonly [title: string, ids: Readonly<Record<string, string>>, query: string])[] = [
  ['asking by id', orders, '{ order(id: "ID") { number margin lines { totalCount } history { totalCount } } }'],
  ['changing', orders, 'mutation { updateOrder(input: { id: "ID", patch: { weight: 3 } }) { id } }'],
  ['changing a hidden field', orders, 'mutation { updateOrder(input: { id: "ID", patch: { margin: "1" } }) { id } }'],
  ['removing', orders, 'mutation { removeOrder(input: { id: "ID" }) { id } }'],
  ['deleting', orders, 'mutation { deleteOrder(input: { id: "ID" }) { id } }'],
  [
    'leading to it',
    customers,
    `mutation { updateOrder(input: { id: "${ownA}", patch: { customerId: "ID" } }) { id } }`,
  ],
  [
    'making what leads to it',
    customers,
    'mutation { createOrder(input: { order: { number: "T", amount: "1", customerId: "ID" } }) { id } }',
  ],
]
const restoring = [
  'restoring',
  { hidden: hiddenA, foreign: foreignOrder, absent },
  'mutation { restoreOrder(input: { id: "ID" }) { id } }',
] as const

async function work(query: string, id: string) {
  recorder.take()
  const { text } = await server.ask({ sub: sam, tenant: acme, roles: ['seller'] }, query.replace('ID', id))
  return { text: text.replaceAll(id, 'ID'), sent: recorder.take() }
}

describe('the same statements and the same answer, whatever is not there', () => {
  test.each([...attempts, restoring])('%s', async (_, ids, query) => {
    // A statement is prepared the second time that it is sent.
    for (let round = 0; round < 3; round += 1) await work(query, absent)
    const done = []
    for (const id of Object.values(ids)) done.push(await work(query, id))
    for (const each of done) expect(each).toEqual(done.at(-1))
    expect(done[0]!.sent.length).toBeGreaterThan(1)
  })

  test('a row that is there makes other work', async () => {
    const query = '{ order(id: "ID") { number lines { totalCount } history { totalCount } } }'
    const seen = async () => [await work(query, hiddenA), await work(query, absent)]
    const [hidden, missing] = await without(app(), readPolicies(/^order/), seen)
    expect(hidden!.text).not.toBe(missing!.text)
  })
})

/** Holds a row, as somebody does who changes it, while the task runs. */
async function held<T>(table: string, id: string, task: () => Promise<T>): Promise<T> {
  const client = await app().database.connect(app().database.migratorUrl)
  try {
    await client.query('begin')
    await client.query(`set local role "${app().database.names.private}"`)
    for (const tenant of [acme, '00000000-0000-7000-8000-00000000000b']) {
      await client.query(`select set_config('rowhouse.tenant_id', $1, true)`, [tenant])
      await client.query(`select from app.${table} where id = '${id}' for update`)
    }
    const { rows } = await client.query('select pg_current_xact_id_if_assigned() is not null as locked')
    expect(rows).toEqual([{ locked: true }])
    return await task()
  } finally {
    await client.query('rollback')
    await client.end()
  }
}

/** What SQL of a request does, that is given a second to wait for others. */
async function attempt(text: string): Promise<string> {
  return app().database.asActor({ roles: ['seller'], tenant: acme, actor: sam }, async (client) => {
    await client.query(`set local lock_timeout = '1s'`)
    await client.query('savepoint attempt')
    try {
      return JSON.stringify((await client.query(text)).rows)
    } catch (error) {
      await client.query('rollback to attempt')
      return String((error as pg.DatabaseError).code)
    }
  })
}

const writes: readonly (readonly [
  title: string,
  table: string,
  ids: Readonly<Record<string, string>>,
  text: string,
])[] = [
  ['changes', '"order"', orders, `select rowhouse.update_row('app.order__rows', '{"id": "ID"}', '{"weight": 3}')`],
  ['deletes', '"order"', orders, `select rowhouse.delete_row('app.order__rows', '{"id": "ID"}')`],
  ['removes', '"order"', orders, `select rowhouse_private.remove_order('ID')`],
  ['restores', '"order"', orders, `select rowhouse_private.restore_order('ID')`],
  ['changes by plain SQL', '"order"', orders, `update app.order__rows set weight = 3 where id = 'ID'`],
  ['leads to it', 'customer', customers, `update app.order__rows set customer_id = 'ID' where id = '${ownA}'`],
  ['locks', '"order"', orders, `select id from app.order__rows where id = 'ID' for update`],
]

describe('nobody waits for a row that he may not see', () => {
  test.each(writes)('who %s', async (title, table, ids, text) => {
    const told: string[] = []
    for (const [kind, id] of Object.entries(ids)) {
      if (kind === 'absent' || (title === 'restores' && kind === 'removed')) continue
      told.push(await held(table, id, () => attempt(text.replace('ID', id))))
    }
    expect(new Set([...told, await attempt(text.replace('ID', absent))]).size, told.join()).toBe(1)
    expect(told[0]).toMatch(/missing|^\[\]$|RH404/)
  })

  test('who removes would, did the function not look before it locks', async () => {
    const blind = functionOf(
      /^rowhouse_private\.remove_order\(/,
      (text) => text.replace(/if not rowhouse_private\."?may_read_order.*?end if;/, ''),
      'private',
    )
    const text = `select rowhouse_private.remove_order('${hiddenA}')`
    expect(await without(app(), blind, () => held('"order"', hiddenA, () => attempt(text)))).toBe('55P03')
  })
})

test('an attempt on a hidden row leaves no lock, as one on none does', async () => {
  const locks = async (text: string) =>
    app().database.asActor({ roles: ['seller'], tenant: acme, actor: sam }, async (client) => {
      const { rows: answer } = await client.query(text)
      const { rows } = await client.query(
        `select pg_current_xact_id_if_assigned() is null as "wrote nothing",
           (select array_agg(distinct l.mode || ' ' || c.relname order by l.mode || ' ' || c.relname) from pg_locks l join pg_class c on c.oid = l.relation
            where l.pid = pg_backend_pid() and c.relkind in ('r', 'p') and c.relnamespace = 'app'::regnamespace
              -- A rule looks at other tables when there is a row to judge: SECURITY.md says so. That is no lock that anybody waits for.
              and l.mode <> 'AccessShareLock') as locks`,
      )
      return JSON.stringify([answer, rows])
    })
  for (const [title, , ids, text] of writes) {
    if (title === 'leads to it') continue
    const told = []
    // Whoever may restore a row knows that it was removed.
    for (const [kind, id] of Object.entries(ids))
      if (!(/removes|restores/.test(title) && kind === 'removed')) told.push(await locks(text.replace('ID', id)))
    expect(new Set(told).size, `${title}: ${told.join('\n')}`).toBe(1)
    expect(told[0]).toContain('"wrote nothing":true')
  }
})
