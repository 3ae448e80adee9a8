import { date, embed, entity, formulas, int, many, money, numbering, one, part, partOf, times } from 'rowhouse/schema'
import { address } from './address.ts'

export const Invoice = entity('Invoice', {
  note: 'What a customer bought on a day.',
  display: 'number',
  fields: {
    number: numbering('{0000}', { gapless: true }),
    issuedOn: date({ default: 'today' }),
    billing: embed(address),
  },
  relations: {
    customer: one('Customer', { readonly: true }),
    lines: many('InvoiceLine', { by: 'invoice' }),
    tracks: many('Track', { through: 'InvoiceLine' }),
  },
  computed: { total: money({ currency: 'USD', note: 'Sum of the lines.' }), year: int(), lineCount: int() },
  indexes: [{ on: ['-issuedOn'] }],
  sort: ['-issuedOn', '-number'],
})

export const InvoiceLine = entity('InvoiceLine', {
  note: 'One track on an invoice.',
  fields: {
    unitPrice: money({ currency: 'USD', min: '0', from: 'track.unitPrice', note: 'As it was when it was sold.' }),
    quantity: int({ min: 1, default: 1 }),
  },
  relations: { invoice: partOf('Invoice', { ordered: true }), track: one('Track') },
  computed: { amount: money({ currency: 'USD' }) },
})

export const InvoiceFormulas = formulas(Invoice, {
  total: (i) => i.lines.sum((l) => l.amount),
  year: (i) => part(i.issuedOn, 'year'),
  lineCount: (i) => i.lines.count(),
})
export const InvoiceLineFormulas = formulas(InvoiceLine, { amount: (l) => times(l.unitPrice, l.quantity) })
