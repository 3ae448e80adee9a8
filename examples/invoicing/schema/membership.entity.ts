import { choice, date, entity, one } from 'rowhouse/schema'

export const Membership = entity('Membership', {
  note: 'Somebody works for an organization. Customers, orders and invoices of the organization follow from it.',
  fields: {
    level: choice({
      member: 'Member',
      manager: { label: 'Manager', note: 'Approves orders and hands customers over.' },
    }),
    since: date({ default: 'today' }),
  },
  relations: {
    user: one('User', { readonly: true, onDelete: 'cascade', onRemove: 'cascade' }),
    organization: one('Organization', { readonly: true, onDelete: 'cascade', onRemove: 'cascade' }),
  },
  unique: [['user', 'organization']],
})
