import type { AppFiles } from '../../schema/written-app.ts'

const schema = `
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Organization = entity('Organization', { fields: { name: string() } })
export const Membership = entity('Membership', {
  fields: { level: choice(['member', 'manager']) },
  relations: { user: one('User'), organization: one('Organization') },
})
export const Customer = entity('Customer', {
  fields: { name: string(), region: choice(['eu', 'us']), rank: int({ optional: true }), vip: boolean({ default: false }) },
  relations: { organization: one('Organization'), orders: many('Order', { by: 'customer' }) },
})
export const Order = entity('Order', {
  fields: {
    number: string(), wantedOn: date({ optional: true }), placedAt: datetime({ optional: true }),
    total: money({ currency: 'USD' }), tip: money({ in: 'currency', optional: true }), currency: choice(['USD', 'EUR']),
    weight: decimal({ precision: 6, scale: 2, optional: true }), size: int64({ optional: true }),
  },
  relations: { customer: one('Customer'), placedBy: one('User', { optional: true, default: 'actor' }) },
  lifecycle: { initial: 'draft', states: ['draft', 'placed'], transitions: { place: { from: 'draft', to: 'placed' } } },
  actions: { remind: { runs: 'workers/remind' } },
})
`

/** Roles, actor and policies of every entity but Order. */
const policies = `import { choice, int } from 'rowhouse/schema'
import { anything, defineActor, defineRoles, policy, words } from 'rowhouse/policies'
import { Customer, Membership, Organization, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', sales: { note: 'Sells.', includes: ['admin'] } })
const { reach, claim, own } = words(User)
export const actor = defineActor(User, {
  managed: reach('Organization', { via: 'Membership', as: 'user', where: { level: 'manager' } }),
  region: claim(choice(['eu', 'us', 'apac'])),
  limit: claim(int()),
})
export const UserPolicy = policy(User, { 'all': { allow: 'admin', to: anything } })
export const OrganizationPolicy = policy(Organization, { 'all': { allow: 'admin', to: anything } })
export const MembershipPolicy = policy(Membership, { 'all': { allow: 'admin', to: anything } })
export const CustomerPolicy = policy(Customer, { 'all': { allow: 'admin', to: anything } })
`

/** A small shop whose file `policies/order.policy.ts` is given whole; `Order`, `Customer` and `actor` are imported there. */
export function withOrderPolicy(source: string): AppFiles {
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': policies,
    'policies/order.policy.ts': `import { Customer, Order } from '../schema/all.entity.ts'
import { actor } from './all.ts'
${source}`,
  }
}

/** The same, of the policy's rules alone. */
export function withOrderRules(rules: string): AppFiles {
  return withOrderPolicy(`export const OrderPolicy = policy(Order, {\n${rules}\n})`)
}

/** The same, of the `where` of one rule alone. */
export function withOrderWhere(where: string): AppFiles {
  return withOrderRules(`'rule': { allow: 'admin', to: 'read', where: ${where} }`)
}

/** The small shop with its file of roles and actor replaced: what `change` makes of it. */
export function withPolicies(change: (source: string) => string): AppFiles {
  const app = withOrderRules(`'all': { allow: 'admin', to: anything }`)
  return { ...app, 'policies/all.ts': change(app['policies/all.ts']!) }
}
