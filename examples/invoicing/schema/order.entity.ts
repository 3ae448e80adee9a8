import { choice, date, entity, formulas, hasOne, int, many, money, one, row, string, text } from 'rowhouse/schema'
import { currency } from './choices.ts'

export const Order = entity('Order', {
  note: 'What a customer asked for.',
  display: 'number',
  fields: {
    number: string({ unique: true, readonly: true, max: 20 }),
    quotedUntil: date({ optional: true, note: 'The last day on which the customer may accept the quote.' }),
    wantedOn: date({ optional: true }),
    promisedOn: date({ optional: true }),
    notes: text({ optional: true, max: 2000 }),
    currency: choice(currency, { default: 'EUR' }),
    margin: money({ in: 'currency', optional: true, note: 'What is left for us.' }),
  },
  relations: {
    customer: one('Customer'),
    placedBy: one('User', { default: 'actor', readonly: true }),
    lines: many('OrderLine', { by: 'order' }),
    products: many('Product', { through: 'OrderLine' }),
    invoice: hasOne('Invoice', { by: 'order' }),
  },
  computed: { total: money({ in: 'currency' }), lineCount: int() },
  lifecycle: {
    initial: 'draft',
    states: {
      draft: {},
      quoted: {
        note: 'The customer has our quote, and accepts it or not.',
        requires: ['quotedUntil'],
        freezes: ['customer', 'currency', 'quotedUntil'],
      },
      placed: {},
      approved: {},
      shipped: {},
      cancelled: {},
    },
    transitions: {
      quote: { from: 'draft', to: 'quoted', when: { lineCount: { over: 0 } } },
      rework: { from: 'quoted', to: 'draft', note: 'The customer wants another quote.' },
      accept: {
        from: 'quoted',
        to: 'placed',
        when: { wantedOn: { isNot: null } },
        note: 'The customer takes the quote: it is an order.',
      },
      place: { from: 'draft', to: 'placed', when: { wantedOn: { isNot: null }, lineCount: { over: 0 } } },
      approve: { from: 'placed', to: 'approved' },
      ship: { from: 'approved', to: 'shipped' },
      cancel: { from: ['draft', 'quoted', 'placed'], to: 'cancelled' },
    },
  },
  actions: {
    duplicate: {
      input: { number: string({ max: 20 }), wantedOn: date({ optional: true }) },
      output: 'Order',
      runs: 'actions/duplicate-order',
      note: 'Makes a draft of the same lines, at the prices of today.',
    },
    bill: {
      output: 'Invoice',
      when: { status: { in: ['approved', 'shipped'] }, lineCount: { over: 0 } },
      runs: 'actions/bill-order',
      note: 'Makes the invoice of an order, for its total and due after the term of the customer.',
    },
  },
  rules: { 'promised no earlier than wanted': { promisedOn: { atLeast: row('wantedOn') } } },
  indexes: [{ on: ['status', '-wantedOn'] }, { on: ['-createdAt'] }, { on: ['customer'], where: { status: 'draft' } }],
})

export const OrderFormulas = formulas(Order, {
  total: (order) => order.lines.sum((line) => line.amount),
  lineCount: (order) => order.lines.count(),
})
