import { anything, everyone, policy, signedIn } from 'rowhouse/policies'
import { Organization } from '../schema/organization.entity.ts'
import { actor } from './actor.ts'

export const OrganizationPolicy = policy(Organization, {
  'admins do anything': { allow: 'admin', to: anything },
  'people see where they work': { allow: signedIn, to: 'read', where: { id: { in: actor.organizations } } },
  'leads and accountants see all of them': { allow: ['lead', 'accountant'], to: 'read' },
  'managers keep the details of their organizations': {
    allow: 'sales',
    to: 'update',
    where: { id: { in: actor.managed } },
    only: ['name', 'opensAt'],
  },
  'organizations are never deleted for good': {
    deny: everyone,
    to: 'delete',
    because: 'Remove the organization instead: its orders and invoices are kept.',
  },
})
