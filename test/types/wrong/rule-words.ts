import { everyoneExcept, policy, words } from 'rowhouse/policies'
import { actor } from '../policies/actor.ts'
import { Customer, Order } from '../schema/order.entity.ts'
import { User } from '../schema/people.entity.ts'

const { own, reach } = words(User)

// @ts-expect-error unknown field
export const a = own('nme')
// @ts-expect-error other rows hold these
export const b = own('memberships')
// @ts-expect-error a way that ends elsewhere
export const c = reach('Customer', { via: 'Order', as: 'customer', to: 'customer' })
// @ts-expect-error a way over nothing
export const d = reach('Customer', { via: 'Order', as: 'customer.ownr', to: 'customer' })
// @ts-expect-error an end that is something else
export const e = reach('Organization', { via: 'Order', as: 'placedBy', to: 'customer' })
// @ts-expect-error the row itself is something else
export const f = reach('Customer', { via: 'Order', as: 'placedBy', to: 'id' })
// @ts-expect-error an own value has the type of its field
export const Q = policy(Customer, { a: { allow: 'sales', to: 'read', where: { creditLimit: { under: actor.name } } } })

export const P = policy(Order, {
  // @ts-expect-error unknown role
  'everyone except an unknown role': { deny: everyoneExcept('admn'), to: 'read' },
  // @ts-expect-error without an exception it is everyone
  'everyone except nobody': { deny: everyoneExcept(), to: 'read' },
  // @ts-expect-error it is called
  'everyone except, uncalled': { deny: everyoneExcept, to: 'read' },
  // @ts-expect-error unknown field
  'sets of nothing known': { allow: 'sales', to: 'create', sets: { nmber: 'x' } },
  // @ts-expect-error another type
  'sets of another type': { allow: 'sales', to: 'create', sets: { number: 5 } },
  // @ts-expect-error a row of another entity
  'sets of another row': { allow: 'sales', to: 'create', sets: { customer: actor.id } },
  // @ts-expect-error sets belong to allow
  'sets on deny': { deny: everyoneExcept('admin'), to: 'create', sets: { number: 'x' } },
})
