import { boolean, choice, entity, many, one, string } from 'rowhouse/schema'

export const User = entity('User', {
  tenant: false,
  display: 'name',
  fields: { name: string(), email: string({ unique: true, ignoreCase: true }) },
  relations: { memberships: many('Membership', { by: 'user' }) },
})

export const Organization = entity('Organization', {
  fields: { name: string() },
  relations: { customers: many('Customer', { by: 'organization' }) },
})

export const Membership = entity('Membership', {
  fields: { level: choice(['member', 'manager']), active: boolean({ default: true }) },
  relations: { user: one('User'), organization: one('Organization') },
  unique: [['user', 'organization']],
})
