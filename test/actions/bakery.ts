import { join } from 'node:path'
import { defaultLimits } from '#server'
import { type AppServer, useAppServer } from '../support/app-server.ts'
import type { Subject } from '../support/served-app.ts'

/** Tenants of the bakery, and who works there. */
export const tenants = {
  north: '00000000-0000-8000-8000-00000000000a',
  south: '00000000-0000-8000-8000-00000000000b',
} as const
export const ann = '00000000-0000-8000-8000-0000000000f1'

/** Somebody of a tenant with a role. */
export function as(role: string, tenant: keyof typeof tenants = 'north'): Subject {
  return { sub: ann, tenant: tenants[tenant], roles: [role] }
}

/** Where the app is. */
export const bakeryFolder = join(import.meta.dirname, '../fixtures/apps/bakery')

/** Ids of the cakes of a tenant, by place. */
export function cakeId(n: number, tenant: keyof typeof tenants = 'north'): string {
  return `00000000-0000-8000-9000-0000000${tenant === 'north' ? 'a' : 'b'}000${n}`
}

/** The bakery of `test/fixtures/apps/bakery`, seeded and served, for the file that calls this at its top. */
export function useBakery(): () => AppServer {
  const rows = (tenant: keyof typeof tenants) => ({
    Cake: [
      { id: cakeId(1, tenant), name: 'Apple', price: '12.50', baker: ann },
      { id: cakeId(2, tenant), name: 'Wedding', price: '240.00', kind: 'layer-cake', wantedOn: '2026-12-24' },
      { id: cakeId(3, tenant), name: 'Gold', price: '99.00' },
    ],
    Layer: [
      { id: cakeId(8, tenant), cake: cakeId(1, tenant), of: 'dough', height: 2 },
      { id: cakeId(9, tenant), cake: cakeId(1, tenant), of: 'apples', height: 3 },
    ],
    Shelf: [{ row: 1, place: 2, label: 'old' }],
  })
  return useAppServer(
    bakeryFolder,
    {
      shared: { Baker: [{ id: ann, name: 'Ann' }] },
      tenants: [
        { id: tenants.north, slug: 'north', name: 'North', rows: rows('north') },
        { id: tenants.south, slug: 'south', name: 'South', rows: rows('south') },
      ],
    },
    { limits: defaultLimits },
  )
}
