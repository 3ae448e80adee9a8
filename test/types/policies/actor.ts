import { defineActor, words } from 'rowhouse/policies'
import { choice, date, int, string } from 'rowhouse/schema'
import { region } from '../schema/order.entity.ts'
import { User } from '../schema/people.entity.ts'

const { reach, claim, own } = words(User)

export const actor = defineActor(User, {
  organizations: reach('Organization', { via: 'Membership', as: 'user' }),
  managed: reach('Organization', { via: 'Membership', as: 'user', where: { level: 'manager', active: true } }),
  customers: reach('Customer', { via: 'Order', as: 'placedBy', where: { customer: { region: 'eu' } } }),
  byOrder: reach('Order', { via: 'Order', as: 'placedBy', to: 'id' }),
  farther: reach('Organization', { via: 'Order', as: 'placedBy', to: 'customer.organization' }),
  branches: reach('Branch', { via: 'BranchMember', as: 'user' }),
  aboveBranches: reach('Branch', { via: 'BranchMember', as: 'user', then: 'ancestors' }),
  name: own('name'),
  region: claim(choice(region)),
  badge: claim(string()),
  rank: claim(int()),
  since: claim(date()),
})
