import { beforeAll, describe, expect, test } from 'vitest'
import { absent, acme, boss, foreignOrder, goneOrder, hiddenA, mia, ownA, useDoors } from './doors.ts'
import { readPolicies, statements, without } from './without.ts'

// Ids of rows, global and own, and keys of histories. Protection: row policies; an id is data, and gives no right.
const app = useDoors()
const nodeId = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64')
let type: string
beforeAll(async () => {
  const { order } = await app().data({}, `{ order(id: "${ownA}") { nodeId } }`)
  const [name, id] = JSON.parse(Buffer.from(order.nodeId, 'base64').toString())
  expect(id).toBe(ownA)
  type = name
})

const kinds = { hidden: hiddenA, foreign: foreignOrder, removed: goneOrder, absent }
/** The different answers about rows that are not there for the caller. */
async function told(query: string, who: object = {}): Promise<ReadonlySet<string>> {
  const texts = Object.values(kinds).map(async (id) => {
    const asked = query.replaceAll('NODE', nodeId(type, id)).replaceAll('ID', id)
    return (await app().as(who, asked)).text.replaceAll(nodeId(type, id), 'NODE').replaceAll(id, 'ID')
  })
  return new Set(await Promise.all(texts))
}

const questions = [
  '{ order(id: "ID") { number margin customer { code } } }',
  '{ node(nodeId: "NODE") { __typename nodeId ... on Order { number margin } } }',
  '{ orderHistory(orderId: "ID", revision: 1) { number amount change } }',
  '{ orders(filter: { id: { equalTo: "ID" } }) { totalCount nodes { number } } }',
  '{ orders(filter: { id: { in: ["ID"] } }) { totalCount } }',
  '{ orderLines(filter: { orderId: { equalTo: "ID" } }) { totalCount } }',
  '{ orderHistories(filter: { orderId: { equalTo: "ID" } }) { totalCount } }',
]

describe('an id of a row that is not there for the caller', () => {
  test.each(questions)('%s', async (query) => {
    // One answer, for who sees some rows and for who sees none of that kind.
    for (const who of [{}, { roles: ['guest'] }, { roles: [] }])
      expect(await told(query, who)).toHaveProperty('size', 1)
    // With all tenants and rows shown by the policies there are several.
    const shown = await without(app(), readPolicies(/^order/), () => told(query))
    expect(shown.size).toBeGreaterThan(1)
  })

  test('of another tenant is none, whoever asks', async () => {
    for (const query of questions) {
      const [of, none] = await Promise.all(
        [foreignOrder, absent].map(async (id) => {
          const asked = query.replaceAll('NODE', nodeId(type, id)).replaceAll('ID', id)
          return (await app().as(boss, asked)).text.replaceAll(nodeId(type, id), 'NODE').replaceAll(id, 'ID')
        }),
      )
      expect(of).toBe(none)
    }
    const unpinned = () => app().data(boss, `{ order(id: "${foreignOrder}") { number } }`)
    // Two fences: the policy of the tenant, which is restrictive, and the tenant in the view.
    expect((await without(app(), readPolicies(/^order/, 'tenant'), unpinned)).order).toBeNull()
  })
})

test('a global id of another kind, of none, or of several parts names nothing, and breaks nothing', async () => {
  const { customer } = (await app().data({}, `{ order(id: "${ownA}") { customer { nodeId } } }`)).order
  const [other] = JSON.parse(Buffer.from(customer.nodeId, 'base64').toString())
  const odd = [
    ...['', 'x', '{}', nodeId(), nodeId(type), nodeId(other, hiddenA), nodeId('Tenant', acme), nodeId('pg_roles', 1)],
    ...[nodeId(type, null), nodeId(type, hiddenA, ownA), nodeId(type, [hiddenA]), nodeId(type, { id: hiddenA })],
    ...[
      nodeId(type, `${hiddenA}' or true --`),
      nodeId(type, '%'),
      nodeId('__proto__', 'x'),
      nodeId('constructor', 'x'),
    ],
    ...[Buffer.from('query').toString('base64'), nodeId(type, ` ${hiddenA}`), 'a'.repeat(100_000)],
  ]
  for (const text of odd) {
    const { data, errors } = await app().as(
      {},
      'query ($id: ID!) { node(nodeId: $id) { __typename ... on Order { number } } }',
      {
        id: text,
      },
    )
    expect([text.slice(0, 80), data?.node?.number ?? null]).toEqual([text.slice(0, 80), null])
    for (const { extensions } of errors)
      expect([text.slice(0, 80), extensions.code]).toEqual([text.slice(0, 80), 'VALIDATION'])
  }
  expect(app().log.filter(({ kind }) => kind === 'internal-error')).toEqual([])
})

test('a mutation takes no global id, and no id twice', async () => {
  for (const id of [nodeId(type, ownA), `${ownA},${hiddenA}`, `{${hiddenA}}`]) {
    const { errors } = await app().as({}, 'mutation ($id: UUID!) { deleteOrder(input: { id: $id }) { id } }', { id })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION'])
  }
})

test('whose id one is tells nothing: who is asked for is not who asks', async () => {
  const users = `{ user(id: "${mia}") { name } users { nodes { name } } }`
  expect(await app().data({}, users)).toEqual({ user: null, users: { nodes: [{ name: 'Sam' }] } })
  const open = statements(
    ['create policy opened on app."user" for select to public using (true)'],
    ['drop policy opened on app."user"'],
  )
  expect((await without(app(), open, () => app().data({}, users))).user).toEqual({ name: 'Mia' })
})
