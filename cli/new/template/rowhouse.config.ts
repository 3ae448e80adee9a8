import { defineConfig, stableId } from 'rowhouse'

/** People that `rowhouse dev` signs a token for. `rowhouse start` knows nobody. */
export const config = defineConfig({
  people: {
    lea: { id: stableId('lea'), tenant: stableId('acme'), roles: ['lead'], note: 'leads a project in acme' },
    max: { id: stableId('max'), tenant: stableId('acme'), roles: ['staff'], note: 'works in acme' },
    zoe: {
      id: stableId('zoe'),
      tenant: stableId('globex'),
      roles: ['staff'],
      note: 'works in globex, sees nothing of acme',
    },
  },
})
