import { defineConfig, stableId } from 'rowhouse'

// reference: defineConfig
export const config = defineConfig({
  port: 4010,
  people: { ann: { id: stableId('ann'), tenant: stableId('acme'), roles: ['clerk'] } },
})
