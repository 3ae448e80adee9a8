import { choice, date, datetime, entity, many, money, one, string } from 'rowhouse/schema'
import { currency } from './choices.ts'

export const Invoice = entity('Invoice', {
  note: 'What a customer owes us for an order.',
  display: 'number',
  fields: {
    number: string({ unique: true, readonly: true, max: 20 }),
    issuedAt: datetime({ default: 'now' }),
    dueOn: date({ optional: true }),
    currency: choice(currency, { default: 'EUR' }),
    amount: money({ in: 'currency', min: '0' }),
  },
  relations: {
    order: one('Order', { unique: true, readonly: true }),
    payments: many('Payment', { by: 'invoice' }),
  },
  lifecycle: {
    initial: 'draft',
    states: {
      draft: 'Draft',
      sent: 'Sent',
      paid: { label: 'Paid', color: 'green' },
      void: { label: 'Void', color: 'grey' },
    },
    transitions: {
      send: { from: 'draft', to: 'sent', when: { dueOn: { isNot: null } } },
      settle: { from: 'sent', to: 'paid' },
      void: { from: ['draft', 'sent'], to: 'void', note: 'Takes the invoice back; its number is not used again.' },
    },
  },
  indexes: [{ on: ['status', 'dueOn'] }],
})
