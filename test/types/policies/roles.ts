import { defineRoles } from 'rowhouse/policies'

export const roles = defineRoles({
  admin: 'Runs the company.',
  sales: 'Takes orders.',
  lead: { note: 'Leads sales.', includes: ['sales'] },
})
