import { condition, eur, usd } from 'rowhouse/policies'
import { Customer } from '../schema/customer.entity.ts'
import { Order } from '../schema/order.entity.ts'
import { actor } from './actor.ts'

/** Customers that an organization of mine looks after. */
export const ours = condition(Customer, { organization: { in: actor.organizations } })

/** Customers of an organization where I am in charge. */
export const managed = condition(Customer, { organization: { in: actor.managed } })

/** Customers of the region I lead. */
export const inMyRegion = condition(Customer, { region: actor.region })

/** Orders of no more than 10,000, whichever currency the customer pays in. */
export const modest = condition(Order, {
  anyOf: [{ total: { atMost: eur('10000') } }, { total: { atMost: usd('10000') } }],
})
