import { anything, policy, signedIn } from 'rowhouse/policies'
import { Invoice, InvoiceLine } from '../schema/invoice.entity.ts'
import { mine, myself } from './people.ts'

export const InvoicePolicy = policy(Invoice, {
  'managers do anything': { allow: 'manager', to: anything },
  'customers see what they bought': { allow: 'customer', to: 'read', where: { customer: myself } },
  'support sees what its customers bought': { allow: 'support', to: 'read', where: { customer: mine } },
  'support sells to its customers': { allow: 'support', to: 'create', where: { customer: mine } },
  'invoices are never deleted for good': {
    deny: signedIn,
    to: 'delete',
    because: 'Remove the invoice instead: its number is not used again.',
  },
})

export const InvoiceLinePolicy = policy(InvoiceLine, {
  'managers do anything': { allow: 'manager', to: anything },
  'customers see what they bought': { allow: 'customer', to: 'read', where: { invoice: { customer: myself } } },
  'support sees what its customers bought': { allow: 'support', to: 'read', where: { invoice: { customer: mine } } },
  'support sells at the price of the catalogue': {
    allow: 'support',
    to: 'create',
    where: { invoice: { customer: mine } },
    except: ['unitPrice'],
  },
})
