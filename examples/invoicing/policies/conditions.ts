import { condition } from 'rowhouse/policies'
import { Customer } from '../schema/customer.entity.ts'
import { actor } from './actor.ts'

/** Customers that an organization of mine looks after. */
export const ours = condition(Customer, { organization: { in: actor.organizations } })

/** Customers of an organization where I am in charge. */
export const managed = condition(Customer, { organization: { in: actor.managed } })

/** Customers of the region I lead. */
export const inMyRegion = condition(Customer, { region: actor.region })
