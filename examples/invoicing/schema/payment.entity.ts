import { choice, datetime, entity, money, one, string } from 'rowhouse/schema'
import { currency } from './choices.ts'

export const Payment = entity('Payment', {
  note: 'Money that came in.',
  fields: {
    receivedAt: datetime({ default: 'now' }),
    method: choice({ transfer: 'Bank transfer', card: 'Card', cash: 'Cash' }, { default: 'transfer' }),
    reference: string({ optional: true, max: 80, note: 'What the bank statement says.' }),
    currency: choice(currency, { default: 'EUR' }),
    amount: money({ in: 'currency' }),
  },
  relations: {
    invoice: one('Invoice', { readonly: true }),
  },
  indexes: [{ on: ['-receivedAt'] }],
})
