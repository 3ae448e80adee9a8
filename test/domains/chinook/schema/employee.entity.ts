import { concat, date, email, embed, entity, formulas, int, many, one, phone, row, string } from 'rowhouse/schema'
import { address } from './address.ts'

export const Employee = entity('Employee', {
  note: 'Somebody who works here.',
  display: 'name',
  tree: 'reportsTo',
  pii: true,
  fields: {
    firstName: string({ max: 20 }),
    lastName: string({ max: 20 }),
    title: string({ max: 30 }),
    bornOn: date({ optional: true }),
    hiredOn: date({ default: 'today' }),
    home: embed(address),
    phone: phone({ max: 24, optional: true }),
    fax: phone({ max: 24, optional: true }),
    email: email({ max: 60, unique: true, ignoreCase: true }),
  },
  relations: {
    account: one('User', { optional: true, unique: true, onDelete: 'setNull', note: 'Who signs in as this employee.' }),
    reportsTo: one('Employee', { optional: true }),
    reports: many('Employee', { by: 'reportsTo' }),
    customers: many('Customer', { by: 'supportRep' }),
  },
  computed: { name: string(), customerCount: int() },
  rules: { 'nobody is hired before being born': { hiredOn: { after: row('bornOn') } } },
  sort: ['lastName', 'firstName'],
})

export const EmployeeFormulas = formulas(Employee, {
  name: (e) => concat(e.firstName, ' ', e.lastName),
  customerCount: (e) => e.customers.count(),
})
