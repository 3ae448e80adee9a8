import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { workflowApp, workflowRoles } from './workflow-app.ts'

const app = useWrittenServer(workflowApp, workflowRoles)

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
})

interface Who {
  readonly role?: (typeof workflowRoles)[number]
  readonly actor?: string
  readonly tenant?: string
}

/** Runs the task as somebody, and keeps what it did. */
async function as<T>({ role = 'admin', actor = ann, tenant = acme }: Who, task: (client: pg.Client) => Promise<T>) {
  return await app().database.asActor({ roles: [role], tenant, actor }, async (client) => {
    const result = await task(client)
    await client.query('commit')
    return result
  })
}

/** An order of Ann's with a line, in a state that it came to by its transitions. */
async function made(values: object = {}, way: readonly string[] = [], tenant = acme): Promise<string> {
  return await as({ tenant }, async (client) => {
    const given = { title: 'bricks', terms: 'cash', ...values }
    const columns = Object.keys(given)
    const { rows } = await client.query(
      `insert into app.order__rows (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')}) returning id`,
      Object.values(given),
    )
    await client.query('insert into app.item (text, order_id) values ($1, $2)', ['one', rows[0].id])
    for (const verb of way) expect(await act(client, verb, rows[0].id)).toBe('updated')
    return rows[0].id
  })
}

async function act(client: pg.Client, verb: string, id: string, note: string | null = null): Promise<string> {
  const { rows } = await client.query(`select rowhouse_private.act_${verb}__order($1, $2) as answer`, [id, note])
  return rows[0].answer
}

async function statusOf(id: string, tenant = acme): Promise<string | undefined> {
  const { rows } = await as({ tenant }, (client) =>
    client.query('select status from app.order__rows where id = $1', [id]),
  )
  return rows[0]?.status
}

describe('a transition', () => {
  test('brings the row to its state and keeps who did it', async () => {
    const id = await made()
    expect(await as({ role: 'clerk' }, (client) => act(client, 'place', id, 'by phone'))).toBe('updated')
    expect(await as({ role: 'manager', actor: gil }, (client) => act(client, 'approve', id))).toBe('updated')
    const { rows } = await as({ role: 'guest' }, (client) =>
      client.query(
        'select step, verb, "from", "to", note, by_id, at > now() - interval \'1 hour\' as is_recent from app.order_transition where order_id = $1 order by step',
        [id],
      ),
    )
    expect(rows).toEqual([
      { step: 1, verb: 'place', from: 'draft', to: 'placed', note: 'by phone', by_id: ann, is_recent: true },
      { step: 2, verb: 'approve', from: 'placed', to: 'approved', note: null, by_id: gil, is_recent: true },
    ])
  })

  test('tells the change to histories and to `updated_at`', async () => {
    const id = await made({}, ['place'])
    const { rows } = await as({}, (client) =>
      client.query(
        'select h.changed, o.updated_at > o.created_at as is_touched from app.order_history h join app.order__rows o on o.id = h.order_id where o.id = $1 order by h.revision desc limit 1',
        [id],
      ),
    )
    expect(rows).toEqual([{ changed: ['status'], is_touched: true }])
  })

  test('gives the number that waits for it', async () => {
    const [first, second] = [await made({}, ['place', 'approve', 'ship']), await made({}, ['place', 'approve', 'ship'])]
    const { rows } = await as({}, (client) =>
      client.query('select shipment from app.order__rows where id = any ($1) order by shipment', [[first, second]]),
    )
    expect(rows).toEqual([{ shipment: 'S-0001' }, { shipment: 'S-0002' }])
  })

  test('writes nothing for a new row', async () => {
    const id = await made()
    const { rows } = await as({}, (client) =>
      client.query('select from app.order_transition where order_id = $1', [id]),
    )
    expect(rows).toEqual([])
  })

  test('of rows of all tenants is kept for everybody', async () => {
    const { rows } = await as({}, (client) => client.query(`insert into app.gate (name) values ('north') returning id`))
    const open = 'select rowhouse_private.act_open__gate($1) as answer'
    expect((await as({ role: 'clerk' }, (client) => client.query(open, [rows[0].id]))).rows).toEqual([
      { answer: 'updated' },
    ])
    const seen = await as({ role: 'guest', tenant: globex }, (client) =>
      client.query('select verb, by_id from app.gate_transition where gate_id = $1', [rows[0].id]),
    )
    expect(seen.rows).toEqual([{ verb: 'open', by_id: ann }])
  })
})

describe('a transition is refused', () => {
  test('from another state', async () => {
    const id = await made({}, ['place'])
    expect(JSON.parse(await as({}, (client) => act(client, 'place', id)))).toEqual({ state: 'placed' })
    expect(JSON.parse(await as({}, (client) => act(client, 'ship', id)))).toEqual({ state: 'placed' })
    expect(await statusOf(id)).toBe('placed')
  })

  test('by its guard, which names what is missing', async () => {
    const bare = await made({ terms: null })
    expect(JSON.parse(await as({}, (client) => act(client, 'place', bare)))).toEqual({ when: ['terms'] })
    await as({}, (client) => client.query('delete from app.item where order_id = $1', [bare]))
    expect(JSON.parse(await as({}, (client) => act(client, 'place', bare)))).toEqual({ when: ['terms', 'itemCount'] })
    expect(await statusOf(bare)).toBe('draft')
  })

  test('by its guard, which names no field that others do not see', async () => {
    const id = await made({ credit: -1 }, ['place'])
    const answer = await as({ role: 'manager', actor: gil }, (client) => act(client, 'approve', id))
    expect(JSON.parse(answer)).toEqual({ when: [] })
  })

  test('by a rule, before the guard tells anything of what the caller does not see', async () => {
    const [poor, rich] = [await made({ credit: -1 }, ['place']), await made({ credit: 5 }, ['place'])]
    for (const id of [poor, rich]) {
      const attempt = as({ role: 'manager', actor: ann }, (client) => act(client, 'approve', id))
      await expect(attempt).rejects.toMatchObject({ code: '42501', message: 'no rule allows this' })
    }
  })

  test('by a deny, with its reason', async () => {
    const id = await made({ blocked: true }, ['place'])
    const attempt = as({ role: 'manager', actor: gil }, (client) => act(client, 'approve', id))
    await expect(attempt).rejects.toMatchObject({ code: '42501', hint: 'The order is blocked: ask accounting.' })
  })

  test('where the row is hidden, removed, of another tenant or not there, all alike', async () => {
    const removed = await made({}, ['place'])
    await as({}, (client) => client.query('select rowhouse_private.remove_order($1)', [removed]))
    const theirs = await made({}, ['place'], globex)
    const hidden = await made({ credit: -1 })
    const absent = '00000000-0000-7000-8000-00000000dead'
    for (const id of [removed, theirs, absent])
      expect(await as({ role: 'manager', actor: gil }, (client) => act(client, 'approve', id))).toBe('missing')
    // Whatever else is wrong with it.
    expect(await as({ role: 'stranger', actor: gil }, (client) => act(client, 'approve', hidden))).toBe('missing')
    expect(await statusOf(theirs, globex)).toBe('placed')
  })

  test('with a note that is too long', async () => {
    const id = await made()
    expect(await as({}, (client) => act(client, 'place', id, 'x'.repeat(2_001)))).toBe('long')
    expect(await statusOf(id)).toBe('draft')
  })

  test('to the slower of two callers', async () => {
    const id = await made({}, ['place'])
    const answers = await Promise.all([ann, gil].map((actor) => as({ actor }, (client) => act(client, 'approve', id))))
    expect(answers.toSorted()).toEqual(['updated', '{"state" : "approved"}'].toSorted())
    const { rows } = await as({}, (client) =>
      client.query(`select from app.order_transition where order_id = $1 and verb = 'approve'`, [id]),
    )
    expect(rows).toHaveLength(1)
  })
})
