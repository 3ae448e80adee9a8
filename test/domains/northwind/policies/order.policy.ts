import { anything, policy } from 'rowhouse/policies'
import { Order, OrderLine } from '../schema/order.entity.ts'
import { managed, open, ordered, taken } from './people.ts'

export const OrderPolicy = policy(Order, {
  'directors do anything': { allow: 'director', to: anything },
  'customers see what they ordered': { allow: 'customer', to: 'read', where: ordered },
  'sales sees what it took': { allow: 'sales', to: 'read', where: taken },
  'managers see what their people took': { allow: 'manager', to: 'read', where: managed },
  'sales takes orders in its own name': { allow: 'sales', to: 'create', where: open },
  'sales changes orders until they are shipped': { allow: 'sales', to: 'update', where: open },
})

export const OrderLinePolicy = policy(OrderLine, {
  'directors do anything': { allow: 'director', to: anything },
  'customers see what they ordered': { allow: 'customer', to: 'read', where: { order: ordered } },
  'sales sees what it took': { allow: 'sales', to: 'read', where: { order: taken } },
  'managers see what their people took': { allow: 'manager', to: 'read', where: { order: managed } },
  'sales changes orders until they are shipped': {
    allow: 'sales',
    to: ['create', 'update', 'delete'],
    where: { order: open },
  },
})
