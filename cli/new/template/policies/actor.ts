import { defineActor, defineRoles } from 'rowhouse/policies'
import { Person } from '../schema/person.entity.ts'

export const roles = defineRoles({
  staff: 'Works on projects.',
  lead: { note: 'Starts projects and looks after them.', includes: ['staff'] },
})

export const actor = defineActor(Person, {})
