import { email, entity, string } from 'rowhouse/schema'

export const User = entity('User', {
  note: 'A person who signs in: as a customer, or as somebody who works here.',
  display: 'name',
  tenant: false,
  fields: {
    name: string({ max: 80 }),
    email: email({ unique: true, ignoreCase: true, max: 254 }),
  },
})
