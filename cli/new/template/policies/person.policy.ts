import { policy, signedIn } from 'rowhouse/policies'
import { Person } from '../schema/person.entity.ts'
import { actor } from './actor.ts'

export const PersonPolicy = policy(Person, {
  'people see themselves': { allow: signedIn, to: 'read', where: { id: actor.id } },
})
