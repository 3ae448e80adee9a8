import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBreakableLine } from '../../support/breakable-line.ts'
import { useExampleServer } from '../../support/example-server.ts'
import { type ServedApp, type ServeOptions, type Subject, serveApp } from '../../support/served-app.ts'
import { poolTransactions, type TransactionPooler } from '../../support/transaction-pooler.ts'

const example = useExampleServer()
const line = useBreakableLine()
let pooler: TransactionPooler
const open: ServedApp[] = []

beforeAll(async () => {
  pooler = await poolTransactions(example().database.loginUrl)
})
afterAll(async () => {
  for (const app of open) await app.close()
  await pooler.close()
})

/** The example behind the pooler; one request after the other. */
async function behind(options: ServeOptions, loginUrl = pooler.url): Promise<ServedApp> {
  const app = await serveApp(example().model, { loginUrl }, { poolSize: 1, ...options })
  open.push(app)
  return app
}

function subject(): Subject {
  const { id: sub, tenant, roles, claims } = example().people.sam
  return { sub, tenant, roles, ...(claims === undefined ? {} : { claims }) }
}

/** As sam, again and again: what would be prepared the second time is asked for the third. */
async function askOften({ ask }: ServedApp) {
  const sam = subject()
  const answers = []
  for (let times = 0; times < 5; times++)
    answers.push(
      await ask(sam, '{ orders(first: 2, orderBy: ID_ASC) { nodes { number createdAt } totalCount } }'),
      await ask(sam, '{ customers(first: 1, orderBy: ID_ASC) { nodes { name } } }'),
      await ask(null, '{ orders { totalCount } }'),
    )
  return answers.map(({ status, data, errors }) => JSON.stringify({ status, data, errors }))
}

test('sessions that change with each transaction answer as one that is kept', async () => {
  const { ask } = example()
  const direct = JSON.stringify(
    (await ask('sam', '{ orders(first: 2, orderBy: ID_ASC) { nodes { number createdAt } totalCount } }')).data,
  )
  const answers = await askOften(await behind({ databasePooling: 'transaction' }))
  expect(new Set(answers).size).toBe(3)
  expect(answers[0]).toContain(direct)
  expect(answers[2]).toContain('FORBIDDEN')
})

test('and a change is kept, once', async () => {
  const { ask } = await behind({ databasePooling: 'transaction' })
  const sam = subject()
  const { data } = await ask(sam, '{ customers(first: 1) { nodes { id } } }')
  const change = `mutation ($customer: UUID!) {
    createOrder(input: { order: { number: "POOLED", customerId: $customer } }) { order { number } } }`
  const variables = { customer: data.customers.nodes[0].id }
  expect((await ask(sam, change, variables)).data).toEqual({ createOrder: { order: { number: 'POOLED' } } })
  expect((await ask(sam, change, variables)).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
})

test('also where its connection breaks in the order to keep it', async () => {
  const three = await poolTransactions(example().database.loginUrl, 3)
  const app = await behind({ databasePooling: 'transaction' }, line().through(three.url))
  const sam = subject()
  const { data } = await app.ask(sam, '{ customers(first: 1) { nodes { id } } }')
  // `query` may fail, so that the end waits for the answer.
  const change = `mutation ($customer: UUID!) {
    createOrder(input: { order: { number: "DOUBTED", customerId: $customer } }) { order { number } query { __typename } } }`
  line().cutBehind('commit\0')
  const { data: told, errors } = await app.ask(sam, change, { customer: data.customers.nodes[0].id })
  expect([errors, told, line().isBroken]).toEqual([
    [],
    { createOrder: { order: { number: 'DOUBTED' }, query: { __typename: 'Query' } } },
    true,
  ])
  const { data: counted } = await app.ask(sam, '{ orders(filter: { number: { equalTo: "DOUBTED" } }) { totalCount } }')
  await three.close()
  expect(counted.orders.totalCount).toBe(1)
})

test('which a server that counts on its sessions does not', async () => {
  const answers = await askOften(await behind({}))
  expect(answers.some((answer) => answer.includes('INTERNAL'))).toBe(true)
})
