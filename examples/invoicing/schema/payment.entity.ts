import { choice, datetime, entity, money, one, string } from 'rowhouse/schema'

export const Payment = entity('Payment', {
  note: 'Money that came in.',
  fields: {
    receivedAt: datetime({ default: 'now' }),
    method: choice({ transfer: 'Bank transfer', card: 'Card', cash: 'Cash' }, { default: 'transfer' }),
    reference: string({ optional: true, max: 80, note: 'What the bank statement says.' }),
    amount: money({ in: 'invoice.currency' }),
  },
  relations: {
    invoice: one('Invoice', { readonly: true }),
  },
  indexes: [{ on: ['-receivedAt'] }],
  hooks: { afterCreate: 'actions/settle-invoice' },
})
