import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type AppRunner, startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { useAppServer } from '../support/app-server.ts'
import { exampleFolder } from '../support/example-server.ts'
import { useMailServer } from './mail-server.ts'
import { acme, people, rows, smallCompany } from './small-company.ts'

const mail = useMailServer()
const app = useAppServer(exampleFolder, smallCompany)
let running: AppRunner | undefined

beforeAll(async () => {
  vi.stubEnv('SMTP_URL', mail().url)
  const { model, database } = app()
  const work = await loadWork(model, exampleFolder)
  // What failed is tried again at once.
  const quick = new Map([...work].map(([name, each]) => [name, { ...each, backoffSeconds: 0 }] as const))
  running = await startAppRunner({ model, work: quick, names: database.names, databaseUrl: database.loginUrl })
})
afterAll(async () => {
  await running?.close()
  vi.unstubAllEnvs()
})

const roles = { sam: 'sales', abe: 'accountant', ada: 'admin' } as const
const ask = async (who: keyof typeof roles, text: string, variables = {}) =>
  app().ask({ sub: people[who], tenant: acme, roles: [roles[who]] }, text, variables)
const invoice = async (id: string) => {
  const text =
    'query ($id: UUID!) { invoice(id: $id) { status balance statusHistory { nodes { verb note by { name } } } } }'
  return (await ask('abe', text, { id })).data.invoice
}
const subjects = () => mail().mails.map(({ subject }) => subject)

test('an order becomes an invoice, which is mailed, dunned step by step, and paid', async () => {
  const bill = 'mutation ($id: UUID!) { billOrder(input: { id: $id }) { output { id number amount status } } }'
  expect((await ask('sam', bill, { id: rows.order })).errors[0]!.extensions.code).toBe('FORBIDDEN')
  const { output } = (await ask('abe', bill, { id: rows.order })).data.billOrder
  expect(output).toMatchObject({ number: 'INV-00001', amount: '270.00', status: 'draft' })
  const again = (await ask('abe', bill, { id: rows.order })).errors[0]!
  expect(again).toMatchObject({
    message: 'SO-1 is billed already, by INV-00001.',
    extensions: { code: 'VALIDATION', rule: 'BILLED' },
  })

  const { id } = output
  const due =
    'mutation ($id: UUID!) { updateInvoice(input: { id: $id, patch: { dueOn: "2020-01-31" } }) { clientMutationId } }'
  expect((await ask('abe', due, { id })).errors).toEqual([])
  mail().refuse(1)
  await ask('abe', 'mutation ($id: UUID!) { sendInvoice(input: { id: $id }) { clientMutationId } }', { id })
  await expect.poll(subjects).toEqual(['Invoice INV-00001'])
  expect(mail().mails[0]).toMatchObject({
    to: [{ name: 'Eve', address: 'eve@bakery.example' }],
    text: expect.stringContaining('We billed your order with 270.00 EUR. Please pay until 2020-01-31'),
  })

  for (const subject of ['Reminder: invoice INV-00001', 'Last reminder: invoice INV-00001']) {
    await dun()
    await expect.poll(() => subjects().at(-1)).toBe(subject)
  }
  await dun()
  expect(subjects()).toHaveLength(3)
  expect(new Set(mail().mails.map(({ messageId }) => messageId)).size).toBe(3)

  const pay = (amount: string) =>
    ask(
      'abe',
      'mutation ($id: UUID!, $amount: BigFloat!) { createPayment(input: { payment: { invoiceId: $id, amount: $amount } }) { clientMutationId } }',
      { id, amount },
    )
  expect((await pay('200')).errors).toEqual([])
  expect(await invoice(id)).toMatchObject({ status: 'warned', balance: '70.00' })
  expect((await pay('70')).errors).toEqual([])
  expect(await invoice(id)).toEqual({
    status: 'paid',
    balance: '0.00',
    statusHistory: {
      nodes: [
        { verb: 'settle', note: null, by: { name: 'abe' } },
        { verb: 'warn', note: 'Was due on 2020-01-31.', by: null },
        { verb: 'remind', note: 'Was due on 2020-01-31.', by: null },
        { verb: 'send', note: null, by: { name: 'abe' } },
      ],
    },
  })
})

/** What the clock does in the morning, to its end. */
async function dun(): Promise<void> {
  await running!.runner.queue.addTick('workers/dun-overdue', new Date(Date.UTC(2026, 0, ++mornings, 6)), true, 1)
  const waiting = () =>
    app().database.asRole(app().database.names.queueKeeper, (client) =>
      client.query('select task, error from rowhouse_queue.job'),
    )
  await expect.poll(async () => (await waiting()).rows).toEqual([])
}
let mornings = 0

test('an order is repeated by whoever may, at the prices of the list', async () => {
  const text = `mutation ($id: UUID!, $number: String!) {
    duplicateOrder(input: { id: $id, number: $number }) {
      output { number status total placedBy { name } customer { name } lines { nodes { quantity unitPrice } } }
    }
  }`
  const { data } = await ask('sam', text, { id: rows.order, number: 'SO-2' })
  expect(data.duplicateOrder.output).toEqual({
    ...{ number: 'SO-2', status: 'draft', total: '300.00', placedBy: { name: 'sam' }, customer: { name: 'Bakery' } },
    lines: { nodes: [{ quantity: 3, unitPrice: '100.00' }] },
  })
  const taken = await ask('sam', text, { id: rows.order, number: 'SO-2' })
  expect(taken.errors[0]!.extensions).toMatchObject({ code: 'CONFLICT' })
  expect((await ask('abe', text, { id: rows.order, number: 'SO-3' })).errors[0]!.extensions.code).toBe('FORBIDDEN')
})
