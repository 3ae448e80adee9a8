import { concat, date, email, embed, entity, formulas, int, many, money, one, phone, string } from 'rowhouse/schema'
import { address } from './address.ts'

export const Customer = entity('Customer', {
  note: 'Somebody who buys music.',
  display: 'name',
  pii: true,
  fields: {
    firstName: string({ max: 40 }),
    lastName: string({ max: 20 }),
    company: string({ max: 80, optional: true }),
    home: embed(address),
    phone: phone({ max: 24, optional: true }),
    fax: phone({ max: 24, optional: true }),
    email: email({ max: 60, unique: true, ignoreCase: true }),
  },
  relations: {
    account: one('User', { optional: true, unique: true, onDelete: 'setNull', note: 'Who signs in as this customer.' }),
    supportRep: one('Employee', { optional: true, note: 'Whom to ask.' }),
    invoices: many('Invoice', { by: 'customer' }),
  },
  computed: {
    name: string(),
    spent: money({ currency: 'USD' }),
    invoiceCount: int(),
    lastBoughtOn: date({ optional: true }),
  },
  indexes: [{ on: ['lastName', 'firstName'] }],
  sort: ['lastName', 'firstName'],
})

export const CustomerFormulas = formulas(Customer, {
  name: (c) => concat(c.firstName, ' ', c.lastName),
  spent: (c) => c.invoices.sum((i) => i.total),
  invoiceCount: (c) => c.invoices.count(),
  lastBoughtOn: (c) => c.invoices.max((i) => i.issuedOn),
})
