import { condition, defineActor, defineRoles, words } from 'rowhouse/policies'
import { Order } from '../schema/order.entity.ts'
import { User } from '../schema/user.entity.ts'

export const roles = defineRoles({
  customer: 'Buys from us.',
  sales: 'Takes orders.',
  manager: { note: 'Looks after the orders of its people.', includes: ['sales'] },
  director: 'Sees and does everything.',
})

const { reach } = words(User)

export const actor = defineActor(User, {
  /** For whom I buy. */
  customers: reach('Customer', { via: 'CustomerAccount', as: 'user' }),
  /** Who I am, as an employee. */
  self: reach('Employee', { via: 'StaffAccount', as: 'user' }),
})

/** Orders of the company that I buy for. */
export const ordered = condition(Order, { customer: { in: actor.customers } })

/** Orders that I took. */
export const taken = condition(Order, { employee: { in: actor.self } })

/** Orders that I took and that are not on their way yet. */
export const open = condition(Order, { allOf: [taken, { shippedOn: null }] })

/** Orders that those who report to me took, and my own. */
export const managed = condition(Order, {
  employee: { anyOf: [{ id: { in: actor.self } }, { reportsTo: { in: actor.self } }] },
})
