import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'
import { serveApp } from '../support/served-app.ts'
import { recordStatements } from '../support/statement-recorder.ts'
import { workflowApp, workflowRoles } from './workflow-app.ts'

const app = useWrittenServer(workflowApp, workflowRoles)

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
})

const gilManages = { sub: gil, roles: ['manager'] }

async function made(values: object = {}, way: readonly string[] = []): Promise<string> {
  const text = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
  const order = { title: 'bricks', terms: 'cash', items: { create: [{ text: 'one' }] }, ...values }
  const { data, errors } = await app().ask(text, { order })
  expect(errors).toEqual([])
  const { id } = data.createOrder
  for (const verb of way)
    expect((await app().ask(`mutation { ${verb}Order(input: { id: "${id}" }) { id } }`)).errors).toEqual([])
  return id
}

async function optionsOf(id: string, subject: object = {}) {
  const text = 'query ($id: UUID!) { order(id: $id) { transitions { verb to allowed because } } }'
  const { data, errors } = await app().ask(text, { id }, subject)
  expect(errors).toEqual([])
  return data.order.transitions
}

describe('transitions', () => {
  test('are those that lead away from the state', async () => {
    const id = await made({}, ['place'])
    expect(await optionsOf(id)).toEqual([
      { verb: 'approve', to: 'approved', allowed: true, because: null },
      { verb: 'cancel', to: 'cancelled', allowed: true, because: null },
    ])
  })

  test('say what the guard asks for', async () => {
    const id = await made({ terms: null })
    expect(await optionsOf(id, { roles: ['clerk'] })).toEqual([
      {
        verb: 'place',
        to: 'placed',
        allowed: false,
        because: '"place" is not possible: what it asks of "terms" does not hold.',
      },
      { verb: 'cancel', to: 'cancelled', allowed: true, because: null },
    ])
  })

  test('say the reason of a deny', async () => {
    const id = await made({ blocked: true }, ['place'])
    expect(await optionsOf(id, gilManages)).toEqual([
      { verb: 'approve', to: 'approved', allowed: false, because: 'The order is blocked: ask accounting.' },
      { verb: 'cancel', to: 'cancelled', allowed: false, because: 'The order is blocked: ask accounting.' },
    ])
  })

  test('tell nothing of a guard to whom no rule allows the verb, and no hidden field to whom one does', async () => {
    const [poor, rich] = [await made({ credit: -1 }, ['place']), await made({ credit: 5 }, ['place'])]
    const [ofPoor, ofRich] = [await optionsOf(poor, { roles: ['clerk'] }), await optionsOf(rich, { roles: ['clerk'] })]
    expect(ofPoor).toEqual(ofRich)
    expect(ofPoor[0]).toEqual({ verb: 'approve', to: 'approved', allowed: false, because: null })
    expect((await optionsOf(poor, gilManages))[0].because).toBe(
      '"approve" is not possible: what it asks of the row does not hold.',
    )
  })

  test('agree with what the verbs answer', async () => {
    for (const way of [[], ['place'], ['place', 'approve'], ['cancel']])
      for (const blocked of [false, true]) {
        const id = await made({ blocked, credit: way.length === 1 ? -1 : 3 }, way)
        for (const subject of [{ sub: ann, roles: ['admin'] }, gilManages, { sub: ann, roles: ['clerk'] }])
          for (const { verb, allowed } of await optionsOf(id, subject))
            expect([verb, subject, allowed]).toEqual([verb, subject, await wouldDo(verb, id, subject)])
      }
  })

  test('of a list cost as many statements for many rows as for two', async () => {
    for (let count = 0; count < 4; count += 1) await made({}, ['place'])
    const recorder = await recordStatements(app().database.loginUrl)
    const served = await serveApp(app().model, { loginUrl: recorder.url })
    try {
      const asked = async (first: number) => {
        recorder.take()
        const text = `{ orders(first: ${first}) { nodes { statusSince transitions { verb allowed because } statusHistory { nodes { verb } } } } }`
        const { data, errors } = await served.ask({ sub: ann, tenant: acme, roles: ['admin'] }, text)
        expect([errors, data.orders.nodes.length]).toEqual([[], first])
        return recorder.take().filter((each) => each.includes('options_order') || each.includes('order_transition'))
      }
      expect(await asked(2)).toHaveLength((await asked(6)).length)
    } finally {
      await served.close()
      await recorder.close()
    }
  })
})

/** Whether the verb itself would do it, by SQL and undone. */
async function wouldDo(verb: string, id: string, { sub, roles }: { sub: string; roles: readonly string[] }) {
  return await app().database.asActor({ roles: [...roles], tenant: acme, actor: sub }, async (client) => {
    const text = `select rowhouse_private.act_${verb}__order($1) as answer`
    return await client.query(text, [id]).then(
      ({ rows }) => rows[0].answer === 'updated',
      () => false,
    )
  })
}

test('the function tells nothing of rows that are hidden, removed or of others', async () => {
  const id = await made({}, ['place'])
  const asked = (role: string, tenant?: string) =>
    app().database.asActor(
      { roles: [role], tenant: tenant ?? acme, actor: ann },
      async (client) =>
        (await client.query(`select rowhouse_private.options_order(array['${id}']::uuid[]) as o`)).rows[0].o,
    )
  expect(Object.keys(JSON.parse(await asked('admin')))).toEqual([id])
  expect(await asked('guest')).toBe('{}')
  expect(await asked('stranger')).toBe('{}')
  expect(await asked('admin', globex)).toBe('{}')
})

test('`statusSince` is the moment of the last transition, and before there is one that of the row', async () => {
  const id = await made()
  const text =
    'query ($id: UUID!) { order(id: $id) { createdAt statusSince statusHistory(first: 1) { nodes { at } } } }'
  const fresh = (await app().ask(text, { id })).data.order
  expect(fresh.statusSince).toBe(fresh.createdAt)
  await app().ask(`mutation { placeOrder(input: { id: "${id}" }) { id } }`)
  const placed = (await app().ask(text, { id })).data.order
  expect(placed.statusSince).toBe(placed.statusHistory.nodes[0].at)
})
