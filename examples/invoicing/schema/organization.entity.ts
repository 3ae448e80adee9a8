import { entity, many, slug, string, time } from 'rowhouse/schema'

export const Organization = entity('Organization', {
  note: 'A branch that looks after its own customers.',
  display: 'name',
  fields: {
    name: string({ max: 120 }),
    slug: slug({ unique: true, max: 40, readonly: true }),
    opensAt: time({ default: '08:00', note: 'Local time of the branch.' }),
  },
  relations: {
    memberships: many('Membership', { by: 'organization' }),
    customers: many('Customer', { by: 'organization' }),
  },
})
