import { anything, policy, signedIn } from 'rowhouse/policies'
import { Membership } from '../schema/membership.entity.ts'
import { actor } from './actor.ts'

export const MembershipPolicy = policy(Membership, {
  'admins do anything': { allow: 'admin', to: anything },
  'people see their own memberships and those of organizations that they manage': {
    allow: signedIn,
    to: 'read',
    where: { anyOf: [{ user: actor.id }, { organization: { in: actor.managed } }] },
  },
  'managers let members go and take them back': {
    allow: 'sales',
    to: ['remove', 'restore'],
    where: { organization: { in: actor.managed }, level: 'member' },
  },
})
