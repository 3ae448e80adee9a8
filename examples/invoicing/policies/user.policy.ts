import { policy, signedIn } from 'rowhouse/policies'
import { User } from '../schema/user.entity.ts'
import { actor } from './actor.ts'

// Accounts belong to no tenant: a rule for a role, admin included, would show the people of every tenant.
export const UserPolicy = policy(User, {
  'people see themselves': { allow: signedIn, to: 'read', where: { id: actor.id } },
  'people keep their own profile': {
    allow: signedIn,
    to: 'update',
    where: { id: actor.id },
    only: ['name', 'phone', 'timezone'],
  },
})
