import { ago, condition, may, now, policy, usd } from 'rowhouse/policies'
import { actor } from '../policies/actor.ts'
import { ourOrders, ours } from '../policies/right.policy.ts'
import { Customer, Order } from '../schema/order.entity.ts'
import { Product } from '../schema/product.entity.ts'

export const P = policy(Order, {
  // @ts-expect-error unknown field
  'unknown field': { allow: 'sales', to: 'read', where: { statuss: 'draft' } },
  // @ts-expect-error unknown state
  'unknown state': { allow: 'sales', to: 'read', where: { status: 'darft' } },
  // @ts-expect-error unknown state
  'unknown state in a list': { allow: 'sales', to: 'read', where: { status: { in: ['draft', 'darft'] } } },
  // @ts-expect-error unknown field behind a relation
  'unknown field on a path': { allow: 'sales', to: 'read', where: { customer: { nmae: 'x' } } },
  // @ts-expect-error unknown field behind two relations
  'unknown field on a long path': { allow: 'sales', to: 'read', where: { customer: { organization: { nmae: 'x' } } } },
  // @ts-expect-error the id of somebody is no id of a customer
  'id of another entity': { allow: 'sales', to: 'read', where: { customer: actor.id } },
  // @ts-expect-error organizations are no customers
  'reach of another entity': { allow: 'sales', to: 'read', where: { customer: actor.organizations } },
  // @ts-expect-error organizations are no customers
  'reach of another entity in a list': { allow: 'sales', to: 'read', where: { customer: { in: actor.organizations } } },
  // @ts-expect-error a set is not one row
  'reach as one row': { allow: 'sales', to: 'read', where: { customer: { is: actor.customers } } },
  // @ts-expect-error one row is no set
  'one row as a set': { allow: 'sales', to: 'read', where: { placedBy: { in: actor.id } } },
  // @ts-expect-error an id in quotes could be of any entity
  'id as text': { allow: 'sales', to: 'read', where: { customer: '0190b1c2-0000-7000-8000-000000000000' } },
  // @ts-expect-error a claim of another type
  'claim of another type': { allow: 'sales', to: 'read', where: { number: actor.rank } },
  // @ts-expect-error any text is more than the regions
  'text claim for a choice': { allow: 'sales', to: 'read', where: { customer: { region: actor.badge } } },
  // @ts-expect-error unknown value of the caller
  'unknown value of the caller': { allow: 'sales', to: 'read', where: { placedBy: actor.ide } },
  // @ts-expect-error many rows
  'to-many relation': { allow: 'sales', to: 'read', where: { lines: { quantity: 1 } } },
  // @ts-expect-error of how many
  'many without a word': { allow: 'sales', to: 'read', where: { lines: null } },
  // @ts-expect-error misspelt
  'a misspelt word about many': { allow: 'sales', to: 'read', where: { lines: { som: { quantity: 1 } } } },
  // @ts-expect-error unknown field behind many
  'unknown field of some': { allow: 'sales', to: 'read', where: { lines: { some: { quantiti: 1 } } } },
  // @ts-expect-error words about many
  'some of one': { allow: 'sales', to: 'read', where: { customer: { some: { name: 'x' } } } },
  // @ts-expect-error unknown field of the other side
  'unknown field of the other side': { allow: 'sales', to: 'read', where: { receipt: { createdAd: null } } },
  // @ts-expect-error a customer is not approved
  'verb of another entity': { allow: 'sales', to: 'read', where: { customer: may('approve') } },
  // @ts-expect-error unknown verb
  'unknown verb of many': { allow: 'sales', to: 'read', where: { lines: { some: may('raed') } } },
  // @ts-expect-error a text is no moment
  'moment for a text': { allow: 'sales', to: 'read', where: { number: now } },
  // @ts-expect-error unknown unit
  'unknown unit of time': { allow: 'sales', to: 'read', where: { wantedOn: { under: ago({ day: 3 }) } } },
  // @ts-expect-error unknown fact
  'unknown fact of the request': { allow: 'sales', to: 'read', where: { request: { hours: 8 } } },
  // @ts-expect-error unknown day
  'unknown weekday': { allow: 'sales', to: 'read', where: { request: { weekday: 'monday' } } },
  // @ts-expect-error unknown role
  'unknown role of the caller': { allow: 'sales', to: 'read', where: { actor: { role: 'sails' } } },
  // @ts-expect-error texts have no order
  'operator of another type': { allow: 'sales', to: 'read', where: { number: { over: 'x' } } },
  // @ts-expect-error states are no texts
  'text operator on a state': { allow: 'sales', to: 'read', where: { status: { startsWith: 'd' } } },
  // @ts-expect-error unknown operator
  'unknown operator': { allow: 'sales', to: 'read', where: { number: { equals: 'x' } } },
  // @ts-expect-error nothing is under null
  'order with null': { allow: 'sales', to: 'read', where: { wantedOn: { before: null } } },
  // @ts-expect-error a day is no instant
  'instant for a day': { allow: 'sales', to: 'read', where: { wantedOn: { before: new Date() } } },
  // @ts-expect-error a day is written 2026-03-31
  'day in words': { allow: 'sales', to: 'read', where: { wantedOn: 'tomorrow' } },
  // @ts-expect-error a day is no instant
  'day for an instant': { allow: 'sales', to: 'read', where: { createdAt: { before: '2026-03-31' } } },
  // @ts-expect-error money has a currency
  'text for money': { allow: 'sales', to: 'read', where: { margin: { atMost: '50000' } } },
  // @ts-expect-error money is never a float
  'number for money': { allow: 'sales', to: 'read', where: { margin: { atMost: 50000 } } },
  // @ts-expect-error amounts are digits
  'amount in words': { allow: 'sales', to: 'read', where: { margin: { atMost: usd('much') } } },
  // @ts-expect-error amounts are never floats
  'amount as a number': { allow: 'sales', to: 'read', where: { margin: { atMost: usd(50000) } } },
  // @ts-expect-error not for texts
  'money for a text': { allow: 'sales', to: 'read', where: { number: usd('5') } },
  // @ts-expect-error inside of anyOf
  'inside of anyOf': { allow: 'sales', to: 'read', where: { anyOf: [{ nope: 1 }] } },
  // @ts-expect-error inside of not
  'inside of not': { allow: 'sales', to: 'read', where: { not: { status: 'darft' } } },
  // @ts-expect-error a list
  'anyOf without a list': { allow: 'sales', to: 'read', where: { anyOf: { status: 'draft' } } },
  // @ts-expect-error inside of becoming
  'inside of becoming': { allow: 'sales', to: 'update', becoming: { statuss: 'draft' } },
  // @ts-expect-error a condition on customers
  'condition of another entity': { allow: 'sales', to: 'read', where: ours },
  // @ts-expect-error a condition on orders
  'condition of another entity on a path': { allow: 'sales', to: 'read', where: { customer: ourOrders } },
  // @ts-expect-error a condition on customers
  'condition of another entity in a list': { allow: 'sales', to: 'read', where: { anyOf: [ours] } },
  // @ts-expect-error the caller is no condition
  'the caller as a condition': { allow: 'sales', to: 'read', where: actor },
  // @ts-expect-error a callback says nothing
  'a callback': { allow: 'sales', to: 'read', where: () => true },
  // @ts-expect-error a truth value says nothing
  'a truth value': { allow: 'sales', to: 'read', where: true },
})

export const Q = policy(Product, {
  // @ts-expect-error decimals are digits in quotes
  'number for a decimal': { allow: 'sales', to: 'read', where: { factor: { over: 1.5 } } },
  // @ts-expect-error wide integers end in n
  'number for int64': { allow: 'sales', to: 'read', where: { barcode: 5 } },
  // @ts-expect-error a time of day
  'hour as a number': { allow: 'sales', to: 'read', where: { opensAt: { before: 17 } } },
  // @ts-expect-error true or false
  'text for a boolean': { allow: 'sales', to: 'read', where: { active: 'true' } },
  // @ts-expect-error a number
  'text for a number': { allow: 'sales', to: 'read', where: { stock: { under: '5' } } },
})

// @ts-expect-error unknown field
export const C = condition(Customer, { nmae: 'x' })
