import { choice, date, datetime, entity, formulas, many, minus, money, numbering, one } from 'rowhouse/schema'
import { currency } from './choices.ts'

export const Invoice = entity('Invoice', {
  note: 'What a customer owes us for an order.',
  display: 'number',
  fields: {
    number: numbering('INV-{00000}', { gapless: true }),
    issuedAt: datetime({ default: 'now' }),
    dueOn: date({ optional: true }),
    currency: choice(currency, { default: 'EUR' }),
    amount: money({ in: 'currency', min: '0' }),
  },
  relations: {
    order: one('Order', { unique: true, readonly: true }),
    payments: many('Payment', { by: 'invoice' }),
  },
  computed: {
    paid: money({ in: 'currency', stored: true }),
    balance: money({ in: 'currency', stored: true, note: 'What is still to be paid.' }),
  },
  lifecycle: {
    initial: 'draft',
    states: {
      draft: 'Draft',
      sent: 'Sent',
      reminded: { label: 'Reminded', color: 'orange' },
      warned: { label: 'Warned', color: 'red' },
      paid: { label: 'Paid', color: 'green' },
      void: { label: 'Void', color: 'grey' },
    },
    transitions: {
      send: { from: 'draft', to: 'sent', when: { dueOn: { isNot: null } } },
      remind: { from: 'sent', to: 'reminded', note: 'The day after it was due.' },
      warn: { from: 'reminded', to: 'warned', note: 'Two weeks later; what comes then is decided by people.' },
      settle: { from: ['sent', 'reminded', 'warned'], to: 'paid' },
      void: {
        from: ['draft', 'sent', 'reminded', 'warned'],
        to: 'void',
        note: 'Takes the invoice back; its number is not used again.',
      },
    },
  },
  indexes: [{ on: ['status', 'dueOn'] }, { on: ['-balance'] }],
})

export const InvoiceFormulas = formulas(Invoice, {
  paid: (invoice) => invoice.payments.sum((payment) => payment.amount),
  balance: (invoice) => minus(invoice.amount, invoice.paid),
})
