import type { AppFiles } from '../../schema/written-app.ts'

const schema = `
export const Firm = entity('Firm', { tenant: 'self', fields: { name: string(), plan: choice(['free', 'pro']) } })
export const User = entity('User', { tenant: false, fields: { name: string(), rank: int(), since: date() } })
export const Team = entity('Team', { fields: { name: string() }, relations: { lead: one('User') } })
export const Customer = entity('Customer', {
  fields: { name: string(), limit: money({ currency: 'USD' }), dueOn: date({ optional: true }) },
  relations: { owner: one('User'), team: one('Team'), orders: many('Order', { by: 'customer' }) },
})
export const Order = entity('Order', {
  fields: {
    number: string(), wantedOn: date({ optional: true }), promisedOn: date({ optional: true }), placedAt: datetime({ optional: true }),
    total: money({ currency: 'USD' }), tip: money({ in: 'currency', optional: true }), currency: choice(['USD', 'EUR']),
    weight: int({ optional: true }), stay: period({ of: 'date', optional: true }),
  },
  relations: {
    customer: one('Customer'), placedBy: one('User', { optional: true, default: 'actor' }),
    lines: many('Item', { by: 'order' }), products: many('Product', { through: 'Item' }), tags: many('Tag', { link: true }),
    bill: hasOne('Bill', { by: 'order' }),
  },
  lifecycle: { initial: 'draft', states: ['draft', 'placed'], transitions: { place: { from: 'draft', to: 'placed' } } },
  actions: { remind: { runs: 'workers/remind' } },
})
export const Item = entity('Item', {
  fields: { quantity: int(), label: string({ optional: true }), most: int({ optional: true }), price: money({ currency: 'USD' }) },
  relations: { order: one('Order'), product: one('Product') },
})
export const Product = entity('Product', { fields: { name: string() } })
export const Tag = entity('Tag', { fields: { name: string() } })
export const Bill = entity('Bill', { fields: { paid: boolean({ default: false }), empty: boolean({ default: false }) }, relations: { order: one('Order', { unique: true }) } })
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Order', 'Customer']) } })
`

const policies = `import { choice, datetime, int, list, string } from 'rowhouse/schema'
import { anything, defineActor, defineRoles, policy, words } from 'rowhouse/policies'
import { Bill, Customer, Firm, Note, Product, Tag, Team, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', sales: 'Sells.', lead: 'Leads.' })
const { reach, claim } = words(User)
export const actor = defineActor(User, {
  customers: reach('Customer', { via: 'Order', as: 'placedBy' }),
  region: claim(choice(['eu', 'us'])),
  rank: claim(int()),
  limit: claim(int()),
  until: claim(datetime()),
  tags: claim(list(string())),
})
export const FirmPolicy = policy(Firm, { 'all': { allow: 'admin', to: anything } })
export const UserPolicy = policy(User, { 'all': { allow: 'admin', to: anything } })
export const TeamPolicy = policy(Team, { 'all': { allow: 'admin', to: anything } })
export const CustomerPolicy = policy(Customer, { 'all': { allow: 'admin', to: anything } })
export const ProductPolicy = policy(Product, { 'all': { allow: 'admin', to: anything } })
export const TagPolicy = policy(Tag, { 'all': { allow: 'admin', to: anything } })
export const BillPolicy = policy(Bill, { 'all': { allow: 'admin', to: anything } })
export const NotePolicy = policy(Note, { 'all': { allow: 'admin', to: anything } })
`

/** A shop with every kind of relation; the file `policies/order.policy.ts` holds the policies of orders and their lines. */
export function withWordsPolicies(source: string): AppFiles {
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': policies,
    'policies/order.policy.ts': `import { Customer, Item, Order, User } from '../schema/all.entity.ts'
import { actor } from './all.ts'
${source}`,
  }
}

const lines = `export const ItemPolicy = policy(Item, { 'all': { allow: 'admin', to: anything } })`

/** The same, of the `where` of a rule of orders alone. */
export function withWords(where: string): AppFiles {
  return withRule(`where: ${where}`)
}

/** The same, of what stands beside \`allow\` in a rule that lets orders be updated. */
export function withRule(rest: string): AppFiles {
  return withWordsPolicies(`${lines}
export const OrderPolicy = policy(Order, { 'rule': { allow: 'admin', to: 'update', ${rest} } })`)
}

/** The same, of constants in front of the rule, and its `where`. */
export function withNamed(constants: string, where: string): AppFiles {
  return withWordsPolicies(`${lines}
${constants}
export const OrderPolicy = policy(Order, { 'rule': { allow: 'admin', to: 'update', where: ${where} } })`)
}
