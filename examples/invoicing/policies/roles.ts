import { defineRoles } from 'rowhouse/policies'

export const roles = defineRoles({
  admin: { note: 'Runs the company: sees and does everything in it.', publishesScripts: true, managesJobs: true },
  sales: 'Looks after the customers of its organizations and takes their orders.',
  lead: { note: 'Leads the sales of a region and keeps the catalog.', includes: ['sales'] },
  accountant: 'Issues invoices and records payments.',
})
