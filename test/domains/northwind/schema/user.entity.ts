import { email, entity, one, string } from 'rowhouse/schema'

export const User = entity('User', {
  note: 'A person who signs in.',
  display: 'name',
  tenant: false,
  fields: { name: string({ max: 80 }), email: email({ unique: true, ignoreCase: true, max: 254 }) },
})

export const CustomerAccount = entity('CustomerAccount', {
  note: 'Somebody signs in for a customer.',
  tenant: false,
  fields: {},
  relations: {
    user: one('User', { onDelete: 'cascade', onRemove: 'cascade' }),
    customer: one('Customer', { onDelete: 'cascade' }),
  },
  unique: [['user', 'customer']],
})

export const StaffAccount = entity('StaffAccount', {
  note: 'Somebody signs in as an employee.',
  tenant: false,
  fields: {},
  relations: {
    user: one('User', { unique: true, onDelete: 'cascade', onRemove: 'cascade' }),
    employee: one('Employee', { unique: true, onDelete: 'cascade' }),
  },
})
