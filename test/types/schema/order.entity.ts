import {
  choice,
  choiceType,
  date,
  entity,
  hasOne,
  int,
  many,
  money,
  one,
  oneOf,
  row,
  string,
  text,
} from 'rowhouse/schema'

export const region = choiceType('Region', { eu: 'Europe', us: { label: 'United States', color: 'blue' } })

export const Customer = entity('Customer', {
  display: 'name',
  fields: { name: string({ max: 120 }), region: choice(region), creditLimit: money({ currency: 'USD', default: '0' }) },
  relations: {
    organization: one('Organization'),
    owner: one('User', { optional: true, onDelete: 'setNull' }),
    orders: many('Order', { by: 'customer' }),
  },
})

export const Order = entity('Order', {
  note: 'What a customer asked for.',
  display: 'number',
  fields: {
    number: string({ unique: true, max: 20 }),
    wantedOn: date({ optional: true }),
    promisedOn: date({ optional: true }),
    notes: text({ optional: true }),
    margin: money({ currency: 'USD', default: '0' }),
  },
  relations: {
    customer: one('Customer', { onDelete: 'restrict', onRemove: 'keep' }),
    placedBy: one('User', { default: 'actor', readonly: true }),
    approvedBy: one('User', { optional: true }),
    lines: many('OrderLine', { by: 'order' }),
    products: many('Product', { through: 'OrderLine', from: 'order', to: 'product' }),
    receipt: hasOne('Receipt', { by: 'order' }),
  },
  lifecycle: {
    initial: 'draft',
    states: ['draft', 'placed', 'approved'],
    transitions: {
      place: {
        from: 'draft',
        to: 'placed',
        when: { wantedOn: { isNot: null }, anyOf: [{ notes: null }, { status: 'draft' }] },
      },
      approve: { from: ['draft', 'placed'], to: 'approved', runs: 'workers/approve' },
    },
  },
  actions: {
    remind: { input: { message: text({ max: 500 }) }, runs: 'workers/remind' },
    copy: { runs: 'scripts/copy' },
  },
  unique: [
    ['customer', 'wantedOn'],
    ['number', 'status'],
  ],
  rules: {
    'promised no earlier than wanted': { promisedOn: { atLeast: row('wantedOn') } },
    'a day or notes': { atLeastOne: ['wantedOn', 'notes', 'approvedBy'] },
  },
  indexes: [{ on: ['status', '-wantedOn', '-createdAt'] }, { on: ['customer'], where: { status: 'draft' } }],
})

export const Receipt = entity('Receipt', {
  fields: {},
  relations: {
    order: one('Order', { unique: true, index: true }),
    subject: oneOf(['Product', 'Customer'], { optional: true, onDelete: 'setNull', readonly: true, note: 'What for.' }),
    followers: many('User', { link: true, linkTable: 'receipt_follower' }),
  },
})

export const OrderLine = entity('OrderLine', {
  fields: { quantity: int({ min: 1 }) },
  relations: { order: one('Order', { onDelete: 'cascade', onRemove: 'cascade' }), product: one('Product') },
})
