import { join } from 'node:path'
import type { AppServer } from '../support/app-server.ts'
import { useAppServer } from '../support/app-server.ts'

/** Folder of the app. */
export const folder = join(import.meta.dirname, '../fixtures/apps/stores')

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'
export const bob = '00000000-0000-7000-8000-0000000000a2'
const id = (number: number): string => `00000000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
/** Stores: three of Acme's that sold something or nothing, one that is closed, and one of Globex's. */
export const [north, south, empty, closed, foreign] = [id(1), id(2), id(3), id(4), id(5)] as const

const store = (key: string, name: string, region: string) => ({ id: key, name, region })
const sale = (key: number, of: string, soldOn: string, amount: string) => ({
  id: id(key),
  store: of,
  soldOn,
  amount,
  kind: key % 2 === 0 ? 'cash' : 'card',
})

/** Serves the app with the rows of two tenants, of which one sale is removed. */
export function useStores(): () => AppServer {
  return useAppServer(folder, {
    shared: { Person: [ann, bob].map((key) => ({ id: key, name: key === ann ? 'Ann' : 'Bob' })) },
    tenants: [
      {
        ...{ id: acme, slug: 'acme', name: 'Acme' },
        rows: {
          Store: [
            store(north, 'North', 'north'),
            store(south, 'South', 'south'),
            store(empty, 'Empty', 'north'),
            store(closed, 'Closed', 'north'),
          ],
          Manager: [{ id: id(50), store: north, person: ann }],
          Sale: [
            sale(60, north, '2026-01-10', '100.10'),
            sale(61, north, '2026-02-11', '50.05'),
            sale(62, south, '2026-01-12', '7.00'),
            sale(63, closed, '2026-01-12', '1.00'),
            sale(64, closed, '2026-01-12', '1.00'),
            { ...sale(65, north, '2026-03-01', '1000.00'), deletedAt: '2026-03-02T00:00:00Z' },
          ],
        },
      },
      {
        ...{ id: globex, slug: 'globex', name: 'Globex' },
        rows: {
          Store: [store(foreign, 'Foreign', 'north')],
          Sale: [sale(70, foreign, '2026-01-10', '9000.00'), sale(71, foreign, '2026-01-10', '1.00')],
        },
      },
    ],
  })
}
