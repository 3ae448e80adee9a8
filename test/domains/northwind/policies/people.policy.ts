import { anything, policy, signedIn } from 'rowhouse/policies'
import { Customer, CustomerSegment, Segment } from '../schema/customer.entity.ts'
import { Employee, EmployeeTerritory } from '../schema/employee.entity.ts'
import { CustomerAccount, StaffAccount, User } from '../schema/user.entity.ts'
import { actor } from './people.ts'

export const UserPolicy = policy(User, {
  'people see themselves': { allow: signedIn, to: 'read', where: { id: actor.id } },
})
export const CustomerAccountPolicy = policy(CustomerAccount, {
  'people see whom they buy for': { allow: signedIn, to: 'read', where: { user: actor.id } },
})
export const StaffAccountPolicy = policy(StaffAccount, {
  'people see who they are': { allow: signedIn, to: 'read', where: { user: actor.id } },
})

export const CustomerPolicy = policy(Customer, {
  'directors do anything': { allow: 'director', to: anything },
  'sales sees all customers': { allow: 'sales', to: 'read' },
  'sales wins customers': { allow: 'sales', to: 'create' },
  'customers see themselves': { allow: 'customer', to: 'read', where: { id: { in: actor.customers } } },
  'customers keep their own details': {
    allow: 'customer',
    to: 'update',
    where: { id: { in: actor.customers } },
    except: ['name'],
  },
})

const segments = {
  'directors do anything': { allow: 'director', to: anything },
  'sales sees segments': { allow: 'sales', to: 'read' },
} as const
export const SegmentPolicy = policy(Segment, segments)
export const CustomerSegmentPolicy = policy(CustomerSegment, segments)

export const EmployeePolicy = policy(Employee, {
  'staff knows each other': { allow: ['sales', 'director'], to: 'read' },
  'directors say who reports to whom': { allow: 'director', to: 'update', only: ['title', 'reportsTo'] },
})
export const EmployeeTerritoryPolicy = policy(EmployeeTerritory, {
  'staff knows who is where': { allow: ['sales', 'director'], to: 'read' },
  'directors give territories': { allow: 'director', to: ['create', 'delete'] },
})
