import { anything, policy } from 'rowhouse/policies'
import { OrderLine } from '../schema/order-line.entity.ts'
import { inMyRegion, ours } from './conditions.ts'

export const OrderLinePolicy = policy(OrderLine, {
  'admins do anything': { allow: 'admin', to: anything },
  'sales sees the lines of its orders': { allow: 'sales', to: 'read', where: { order: { customer: ours } } },
  'leads see the lines of their region': { allow: 'lead', to: 'read', where: { order: { customer: inMyRegion } } },
  'accountants see what was placed': {
    allow: 'accountant',
    to: 'read',
    where: { order: { status: { notIn: ['draft', 'quoted', 'cancelled'] } } },
  },
  'sales writes the lines of drafts': {
    allow: 'sales',
    to: ['create', 'update', 'remove', 'restore', 'delete'],
    where: { order: { customer: ours, status: 'draft' } },
  },
})
