import { anything, policy } from 'rowhouse/policies'
import { Contact } from '../schema/contact.entity.ts'
import { inMyRegion, ours } from './conditions.ts'

export const ContactPolicy = policy(Contact, {
  'admins do anything': { allow: 'admin', to: anything },
  'sales keeps the contacts of its customers': {
    allow: 'sales',
    to: ['read', 'create', 'update', 'remove', 'restore'],
    where: { customer: ours },
  },
  'leads see the contacts of their region': { allow: 'lead', to: 'read', where: { customer: inMyRegion } },
  'accountants see whom to send invoices to': { allow: 'accountant', to: 'read', where: { part: 'billing' } },
})
