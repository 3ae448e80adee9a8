import { defineConfig } from 'rowhouse'
import { tenantId, userId } from './seed/tenants.ts'

const acme = tenantId('acme')
const globex = tenantId('globex')

export const config = defineConfig({
  people: {
    ada: { id: userId('ada'), tenant: acme, roles: ['admin'], note: 'admin of acme' },
    sam: { id: userId('sam'), tenant: acme, roles: ['sales'], note: 'sales in acme, half of the customers' },
    mia: { id: userId('mia'), tenant: acme, roles: ['sales'], note: 'sales in acme, manages Acme South' },
    gil: { id: userId('gil'), tenant: globex, roles: ['sales'], note: 'sales in globex' },
  },
})
