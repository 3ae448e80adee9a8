import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { acme, people, rows, smallCompany } from '../example/small-company.ts'
import { useAppServer } from '../support/app-server.ts'
import { exampleFolder } from '../support/example-server.ts'
import { readBlocks } from './read-document.ts'

const blocks = readBlocks('docs/guide/behaviour.md')
const files = blocks.filter(({ marks }) => marks.file !== undefined)
const app = useAppServer(exampleFolder, smallCompany)

test.each(files)('$place is a file of the example', ({ text, marks }) => {
  expect(readFileSync(`${exampleFolder}/${marks.file}`, 'utf8')).toBe(text)
})

test('an order of the example becomes an invoice that is paid, as the page says', async () => {
  const answers: unknown[] = []
  let invoice: string | undefined
  for (const { text, marks } of blocks.filter(({ language }) => language === 'graphql')) {
    const names = { order: rows.order, invoice }
    const variables = Object.fromEntries(Object.entries(names).filter(([name]) => text.includes(`$${name}: UUID!`)))
    const { data, errors } = await app().ask({ sub: people.abe, tenant: acme, roles: [marks.run!] }, text, variables)
    expect(errors).toEqual([])
    invoice ??= data.billOrder?.output.id
    answers.push(data)
  }
  expect(answers).toMatchObject([
    { billOrder: { output: { number: 'INV-00001', amount: '270.00', status: 'draft' } } },
    {
      invoice: {
        transitions: [
          { verb: 'send', allowed: true },
          { verb: 'void', allowed: true },
        ],
      },
    },
    { sendInvoice: { invoice: { status: 'sent' } } },
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
})
