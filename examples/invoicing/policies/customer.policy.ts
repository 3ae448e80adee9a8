import { anything, policy } from 'rowhouse/policies'
import { Customer } from '../schema/customer.entity.ts'
import { inMyRegion, managed, ours } from './conditions.ts'

export const CustomerPolicy = policy(Customer, {
  'admins do anything': { allow: 'admin', to: anything },
  'sales sees the customers of its organizations': { allow: 'sales', to: 'read', where: ours },
  'leads see every customer of their region': { allow: 'lead', to: 'read', where: inMyRegion },
  'accountants see all customers': { allow: 'accountant', to: 'read' },
  'sales wins customers for its organizations': {
    allow: 'sales',
    to: 'create',
    where: ours,
    except: ['creditLimit', 'paymentTerm'],
  },
  'sales keeps its customers up to date': {
    allow: 'sales',
    to: 'update',
    where: ours,
    except: ['creditLimit', 'paymentTerm', 'organization'],
  },
  'managers hand customers to other organizations': {
    allow: 'sales',
    to: 'update',
    where: managed,
    becoming: 'anything',
    only: ['organization'],
  },
  'accountants decide about credit': { allow: 'accountant', to: 'update', only: ['creditLimit', 'paymentTerm'] },
  'managers give customers up and take them back': {
    allow: 'sales',
    to: ['remove', 'restore'],
    where: managed,
  },
})
