import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { acme, globex, people, rows, smallCompany, theirs } from '../example/small-company.ts'
import { useAppServer } from '../support/app-server.ts'
import { exampleFolder } from '../support/example-server.ts'
import { readBlocks } from './read-document.ts'

const blocks = readBlocks('docs/guide/behaviour.md')
const files = blocks.filter(({ marks }) => marks.file !== undefined)
const app = useAppServer(exampleFolder, smallCompany)

test.each(files)('$place is a file of the example', ({ text, marks }) => {
  expect(readFileSync(`${exampleFolder}/${marks.file}`, 'utf8')).toBe(text)
})

const requests = blocks.filter(({ language }) => language === 'graphql')
const who = { admin: people.ada, sales: people.sam, accountant: people.abe }
const source = files.find(({ marks }) => marks.file === 'published/discount.ts')!.text

/** Sends a request of the page with those of the names that it asks for. */
async function send(text: string, role: keyof typeof who, names: Readonly<Record<string, unknown>>, tenant = acme) {
  const variables = Object.fromEntries(Object.entries(names).filter(([name]) => text.includes(`$${name}: `)))
  const { data, errors } = await app().ask({ sub: who[role], tenant, roles: [role] }, text, variables)
  expect(errors).toEqual([])
  return data
}

/** What the draft of the page costs at the other company. */
async function priceOfTheirs(number: string): Promise<string> {
  const { text } = requests.find((each) => each.text.includes('createOrder('))!
  return (await send(text.replace('SO-2', number), 'admin', theirs, globex)).createOrder.order.total
}

test('a quote of the example becomes an order, an invoice that is mailed, and money, as the page says', async () => {
  // The first run waits for a thread, for which a busy machine takes its time.
  await expect.poll(() => priceOfTheirs('SO-1').catch(() => null), { timeout: 120_000 }).toBe('300.00')
  const answers: unknown[] = []
  let names: Readonly<Record<string, unknown>> = { source, ...rows, order: undefined }
  for (const { text, marks } of requests) {
    const data = await send(text, marks.run as keyof typeof who, names)
    names = { ...names, ...given('order', data.createOrder?.order), ...given('invoice', data.billOrder?.output) }
    answers.push(data)
  }
  const way = (verb: string, allowed: boolean) => ({ verb, allowed })
  expect(answers).toMatchObject([
    { publishScript: { tenantScript: { version: 1, isActive: true } } },
    { createOrder: { order: { status: 'draft', total: '270.00' } } },
    {
      quoteOrder: {
        order: { status: 'quoted', transitions: ['rework', 'accept', 'cancel'].map((verb) => way(verb, true)) },
      },
    },
    { acceptOrder: { order: { status: 'placed' } } },
    {
      approveOrder: {
        order: {
          status: 'approved',
          statusHistory: {
            nodes: [
              { verb: 'approve', note: null },
              { verb: 'accept', note: 'The customer rang.' },
              { verb: 'quote', note: 'By mail.' },
            ],
          },
        },
      },
    },
    { billOrder: { output: { number: 'INV-00001', amount: '270.00', status: 'draft' } } },
    { sendInvoice: { invoice: { status: 'sent' } } },
    { invoices: { nodes: [{ number: 'INV-00001', balance: '270.00' }] } },
    { createPayment: { payment: { amount: '270.00', invoice: { status: 'paid', balance: '0.00' } } } },
    {
      invoice: {
        statusHistory: {
          nodes: [
            { verb: 'settle', by: { name: 'abe' } },
            { verb: 'send', note: 'By mail.' },
          ],
        },
      },
    },
  ])
  expect(await priceOfTheirs('SO-2')).toBe('300.00')
})

const given = (name: string, row: { readonly id: string } | undefined) => (row === undefined ? {} : { [name]: row.id })
