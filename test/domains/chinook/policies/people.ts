import { condition, defineActor, defineRoles } from 'rowhouse/policies'
import { Customer } from '../schema/customer.entity.ts'
import { User } from '../schema/user.entity.ts'

export const roles = defineRoles({
  customer: 'Buys music.',
  support: 'Looks after its own customers.',
  manager: { note: 'Runs the store, and keeps its catalogue.', includes: ['support'] },
})

export const actor = defineActor(User, {})

/** The customer who is asking. */
export const myself = condition(Customer, { account: actor.id })

/** Customers whom the one who is asking looks after. */
export const mine = condition(Customer, { supportRep: { account: actor.id } })
