import { anything, policy, signedIn } from 'rowhouse/policies'
import { Customer } from '../schema/customer.entity.ts'
import { Employee } from '../schema/employee.entity.ts'
import { User } from '../schema/user.entity.ts'
import { actor, mine, myself } from './people.ts'

export const UserPolicy = policy(User, {
  'people see themselves': { allow: signedIn, to: 'read', where: { id: actor.id } },
})

export const EmployeePolicy = policy(Employee, {
  'managers do anything': { allow: 'manager', to: anything },
  'support knows its colleagues': { allow: 'support', to: 'read' },
})

export const CustomerPolicy = policy(Customer, {
  'managers do anything': { allow: 'manager', to: anything },
  'customers see themselves': { allow: 'customer', to: 'read', where: myself },
  'customers keep their own details': {
    allow: 'customer',
    to: 'update',
    where: myself,
    only: ['company', 'home', 'phone', 'fax', 'email'],
  },
  'support sees its customers': { allow: 'support', to: 'read', where: mine },
  'support keeps its customers up to date': {
    allow: 'support',
    to: 'update',
    where: mine,
    except: ['account', 'supportRep'],
  },
})
