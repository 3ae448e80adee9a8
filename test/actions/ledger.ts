import { join } from 'node:path'
import { defaultLimits } from '#server'
import { type AppServer, useAppServer } from '../support/app-server.ts'
import { as, tenants } from './bakery.ts'

export { as } from './bakery.ts'

/** Where the app is. */
export const ledgerFolder = join(import.meta.dirname, '../fixtures/apps/ledger')

/** Id of an entry of a tenant, by place. */
export function entryId(n: number, tenant: keyof typeof tenants = 'north'): string {
  return `00000000-0000-8000-9000-0000000${tenant === 'north' ? 'a' : 'b'}000${n}`
}

/** The ledger of `test/fixtures/apps/ledger`, seeded and served, for the file that calls this at its top. */
export function useLedger(): () => AppServer {
  const rows = (tenant: keyof typeof tenants) => ({
    Entry: [1, 2, 3, 4].map((n) => ({
      ...{ id: entryId(n, tenant), month: n > 2 ? '2026-10' : '2026-11', amount: `${n}0.00` },
    })),
  })
  return useAppServer(
    ledgerFolder,
    {
      shared: { Person: [{ id: String(as('x').sub), name: 'Ann' }] },
      tenants: [
        { id: tenants.north, slug: 'north', name: 'North', rows: rows('north') },
        { id: tenants.south, slug: 'south', name: 'South', rows: rows('south') },
      ],
    },
    { limits: defaultLimits },
  )
}
