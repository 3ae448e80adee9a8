import { choice, date, duration, entity, many, money, one, string, url } from 'rowhouse/schema'
import { region } from './choices.ts'

export const Customer = entity('Customer', {
  note: 'A company that buys from us.',
  display: 'name',
  fields: {
    number: string({ unique: true, readonly: true, max: 20 }),
    name: string({ max: 120, index: true }),
    region: choice(region),
    website: url({ optional: true }),
    since: date({ default: 'today' }),
    creditLimit: money({ currency: 'EUR', default: '0', min: '0', note: 'What it may owe us at any time.' }),
    paymentTerm: duration({ in: 'days', default: 30, min: 0, max: 120 }),
  },
  relations: {
    organization: one('Organization'),
    contacts: many('Contact', { by: 'customer' }),
    orders: many('Order', { by: 'customer' }),
  },
  indexes: [{ on: ['region', 'name'] }],
})
