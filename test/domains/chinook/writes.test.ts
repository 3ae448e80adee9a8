import { describe, expect, test } from 'vitest'
import { useAppServer } from '../../support/app-server.ts'
import type { Subject } from '../../support/served-app.ts'
import { useOriginal } from '../support/original.ts'
import { caller, idOf, storeRows } from './store.ts'

const original = useOriginal('chinook')
const store = useAppServer(import.meta.dirname, () => storeRows(original()))

const leonie = caller('leonekohler@surfeu.de', ['customer'])
const jane = caller('jane@chinookcorp.com', ['support'])
const nancy = caller('nancy@chinookcorp.com', ['manager'])

const billing = { street: 'Rua A 1', city: 'São Paulo', country: 'Brazil' }

/** What a change came to: its answer, or the one error as code with what it says. */
async function change(who: Subject, mutation: string, variables: object = {}) {
  const { data, errors } = await store().ask(who, mutation, variables)
  if (errors.length === 0) return data
  expect(errors, JSON.stringify(store().log)).toHaveLength(1)
  const { code, ...more } = errors[0]!.extensions
  return { code, message: errors[0]!.message, ...more }
}

const createInvoice = `mutation ($invoice: InvoiceInput!) { createInvoice(input: { invoice: $invoice }) { id invoice { number issuedOn total } } }`
const createLine = `mutation ($line: InvoiceLineInput!) { createInvoiceLine(input: { invoiceLine: $line }) { invoiceLine { unitPrice amount invoice { total lineCount } } } }`

describe('agents sell', () => {
  test('numbers go on where the dump ends, prices are those of the catalogue, the total follows', async () => {
    const customerId = idOf('north', 'Customer', 1)
    const made = await change(jane, createInvoice, { invoice: { customerId, billing, issuedOn: '2026-01-31' } })
    expect(made.createInvoice.invoice).toEqual({ number: '0413', issuedOn: '2026-01-31', total: '0.00' })
    const invoiceId = made.createInvoice.id
    const [track] = await original().rows('select track_id from track where unit_price = 1.99 order by 1 limit 1')
    const trackId = idOf('north', 'Track', track.track_id)
    const line = { invoiceId, trackId, quantity: 3 }
    const sold = await change(jane, createLine, { line })
    expect(sold.createInvoiceLine.invoiceLine).toEqual({
      unitPrice: '1.99',
      amount: '5.97',
      invoice: { total: '5.97', lineCount: 1 },
    })
    expect(await change(jane, createLine, { line: { ...line, unitPrice: '0.01' } })).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await change(jane, createLine, { line: { ...line, quantity: 0 } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['quantity'],
    })
    // A track of the other store is not there.
    expect(await change(jane, createLine, { line: { ...line, trackId: idOf('south', 'Track', 1) } })).toMatchObject({
      code: 'NOT_FOUND',
      fields: ['trackId'],
    })
  })

  test('to those whom they look after, and to nobody else', async () => {
    const [other] = await original().rows(
      'select customer_id from customer where support_rep_id = 4 order by 1 limit 1',
    )
    const invoice = { customerId: idOf('north', 'Customer', other.customer_id), billing }
    expect(await change(jane, createInvoice, { invoice })).toMatchObject({ code: 'NOT_FOUND', fields: ['customerId'] })
    expect(await change(leonie, createInvoice, { invoice })).toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('customers', () => {
  const update =
    'mutation ($id: UUID!, $patch: CustomerPatch!) { updateCustomer(input: { id: $id, patch: $patch }) { customer { email home { city state } } } }'
  const id = idOf('north', 'Customer', 2)

  test('keep their own details, part by part, and none of others', async () => {
    expect(await change(leonie, update, { id, patch: { home: { state: 'BW' } } })).toEqual({
      updateCustomer: { customer: { email: 'leonekohler@surfeu.de', home: { city: 'Stuttgart', state: 'BW' } } },
    })
    expect(await change(leonie, update, { id, patch: { firstName: 'Leo' } })).toMatchObject({ code: 'FORBIDDEN' })
    const other = idOf('north', 'Customer', 3)
    expect(await change(leonie, update, { id: other, patch: { phone: '1' } })).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('take no address that somebody has, whatever its case, nor one that is none', async () => {
    const taken = { email: 'FTREMBLAY@gmail.com' }
    expect(await change(leonie, update, { id, patch: taken })).toMatchObject({ code: 'CONFLICT', fields: ['email'] })
    expect(await change(leonie, update, { id, patch: { email: 'nobody' } })).toMatchObject({
      code: 'VALIDATION',
      fields: ['email'],
    })
  })
})

describe('managers', () => {
  test('keep what is referred to, and what is a document', async () => {
    const id = idOf('north', 'Customer', 5)
    const remove = 'mutation ($id: UUID!) { removeCustomer(input: { id: $id }) { id } }'
    expect(await change(nancy, remove, { id })).toMatchObject({ code: 'CONFLICT' })
    const invoice = idOf('north', 'Invoice', 1)
    expect(
      await change(nancy, 'mutation ($id: UUID!) { deleteInvoice(input: { id: $id }) { id } }', { id: invoice }),
    ).toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('remove an invoice with its lines, and take both back', async () => {
    const id = idOf('north', 'Invoice', 2)
    const count = `{ invoiceLines(filter: { invoice: { number: { equalTo: "0002" } } }) { totalCount } customers(filter: { email: { equalTo: "bjorn.hansen@yahoo.no" } }) { nodes { spent } } }`
    const before = (await store().ask(nancy, count)).data
    expect(before.invoiceLines.totalCount).toBe(4)
    await change(nancy, 'mutation ($id: UUID!) { removeInvoice(input: { id: $id }) { id } }', { id })
    const [spent] = await original().rows(
      'select sum(total)::text from invoice where customer_id = 4 and invoice_id <> 2',
    )
    expect((await store().ask(nancy, count)).data).toEqual({
      invoiceLines: { totalCount: 0 },
      customers: { nodes: [{ spent: spent.sum }] },
    })
    await change(nancy, 'mutation ($id: UUID!) { restoreInvoice(input: { id: $id }) { id } }', { id })
    expect((await store().ask(nancy, count)).data).toEqual(before)
  })

  test('make no circle of those who report, nor anybody older than life', async () => {
    const update =
      'mutation ($id: UUID!, $patch: EmployeePatch!) { updateEmployee(input: { id: $id, patch: $patch }) { id } }'
    const id = idOf('north', 'Employee', 1)
    const circle = { reportsToId: idOf('north', 'Employee', 3) }
    expect(await change(nancy, update, { id, patch: circle })).toMatchObject({
      code: 'VALIDATION',
      fields: ['reportsToId'],
    })
    expect(await change(nancy, update, { id, patch: { hiredOn: '1950-01-01' } })).toMatchObject({
      code: 'VALIDATION',
      rule: 'nobody is hired before being born',
    })
  })

  test('have each genre once in each store', async () => {
    const create = 'mutation ($genre: GenreInput!) { createGenre(input: { genre: $genre }) { genre { name } } }'
    expect(await change(nancy, create, { genre: { name: 'Jazz' } })).toMatchObject({
      code: 'CONFLICT',
      fields: ['name'],
    })
    expect(await change(nancy, create, { genre: { name: 'Fado' } })).toMatchObject({
      createGenre: { genre: { name: 'Fado' } },
    })
    const south = caller('nancy@chinookcorp.com', ['manager'], 'south')
    expect(await change(south, create, { genre: { name: 'Fado' } })).toMatchObject({
      createGenre: { genre: { name: 'Fado' } },
    })
  })

  test('and agents put tracks on lists', async () => {
    const playlistId = idOf('north', 'Playlist', 18)
    const trackIds = [idOf('north', 'Track', 1), idOf('north', 'Track', 2)]
    const link = `mutation ($input: LinkPlaylistTracksInput!) { linkPlaylistTracks(input: $input) { playlist { tracks { totalCount } } } }`
    const linked = await change(jane, link, { input: { playlistId, trackIds } })
    expect(linked).toEqual({ linkPlaylistTracks: { playlist: { tracks: { totalCount: 3 } } } })
    expect(await change(leonie, link, { input: { playlistId, trackIds } })).toMatchObject({ code: 'FORBIDDEN' })
  })
})
