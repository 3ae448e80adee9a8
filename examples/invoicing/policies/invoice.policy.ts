import { anything, policy, signedIn } from 'rowhouse/policies'
import { Invoice } from '../schema/invoice.entity.ts'
import { ours } from './conditions.ts'

export const InvoicePolicy = policy(Invoice, {
  'admins do anything': { allow: 'admin', to: anything },
  'accountants run invoices': {
    allow: 'accountant',
    to: ['read', 'create', 'update', 'remove', 'restore', 'send', 'remind', 'warn', 'settle', 'void'],
  },
  'sales follows the invoices of its customers': {
    allow: 'sales',
    to: 'read',
    where: { status: { isNot: 'draft' }, order: { customer: ours } },
  },
  'what was sent stays as it is': {
    deny: signedIn,
    to: ['update', 'remove', 'delete'],
    unless: { status: 'draft' },
    because: 'An invoice that was sent is a document: void it and issue another.',
  },
})
