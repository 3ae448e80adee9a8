import { email, entity, many, phone, string, timezone } from 'rowhouse/schema'

export const User = entity('User', {
  note: 'A person who signs in. One account serves every tenant; what it may do there is said by roles and memberships.',
  display: 'name',
  tenant: false,
  fields: {
    name: string({ max: 120 }),
    email: email({ unique: true, ignoreCase: true, max: 254 }),
    phone: phone({ optional: true }),
    timezone: timezone({ default: 'Europe/Berlin' }),
  },
  relations: {
    memberships: many('Membership', { by: 'user' }),
    organizations: many('Organization', { through: 'Membership' }),
  },
})
