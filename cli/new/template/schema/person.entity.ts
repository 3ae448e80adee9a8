import { email, entity, many, string } from 'rowhouse/schema'

export const Person = entity('Person', {
  note: 'Somebody who signs in. People belong to no tenant, so that one person can work for several.',
  display: 'name',
  tenant: false,
  fields: { name: string({ max: 80 }), email: email({ unique: true }) },
  relations: { tasks: many('Task', { by: 'assignee' }) },
})
