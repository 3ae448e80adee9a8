import { anything, everyone, policy } from 'rowhouse/policies'
import { Payment } from '../schema/payment.entity.ts'
import { ours } from './conditions.ts'

export const PaymentPolicy = policy(Payment, {
  'admins do anything': { allow: 'admin', to: anything },
  'accountants record payments': { allow: 'accountant', to: ['read', 'create', 'update', 'remove', 'restore'] },
  'sales sees what its customers paid': {
    allow: 'sales',
    to: 'read',
    where: { invoice: { order: { customer: ours } } },
  },
  'payments are never deleted for good': {
    deny: everyone,
    to: 'delete',
    because: 'Remove the payment instead: the books keep what came in.',
  },
})
