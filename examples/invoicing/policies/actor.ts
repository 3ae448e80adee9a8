import { defineActor, words } from 'rowhouse/policies'
import { choice } from 'rowhouse/schema'
import { region } from '../schema/choices.ts'
import { User } from '../schema/user.entity.ts'

const { reach, claim } = words(User)

export const actor = defineActor(User, {
  /** Where I work. */
  organizations: reach('Organization', { via: 'Membership', as: 'user' }),
  /** Where I am in charge. */
  managed: reach('Organization', { via: 'Membership', as: 'user', where: { level: 'manager' } }),
  /** The region I lead. */
  region: claim(choice(region)),
})
