import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AppServer, useAppServer } from '../support/app-server.ts'

/** Folder of the app. */
export const folder = join(import.meta.dirname, '../fixtures/apps/outlets')
/** What is in the database before the app. */
export const legacy = readFileSync(join(folder, 'legacy.sql'), 'utf8')

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'
const id = (number: number): string => `00000000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
/** Stores: two of Acme's and one of Globex's. */
export const [north, south, foreign] = [id(1), id(2), id(3)] as const

const bookings = `insert into books.booking values
  ('${acme}', '${north}', '2026-01-01', 100.10, false), ('${acme}', '${north}', '2026-01-01', 50.05, false),
  ('${acme}', '${north}', '2026-02-01', 7, false), ('${acme}', '${south}', '2026-01-01', 20, false),
  ('${acme}', '${south}', '2026-03-01', 999, true), ('${globex}', '${foreign}', '2026-01-01', 9000, false);
refresh materialized view books."Rates"`

/** Serves the app over what the older program booked for two tenants. */
export function useOutlets(): () => AppServer {
  const tenant = (key: string, slug: string, rows: readonly (readonly [string, string, string])[]) => ({
    ...{ id: key, slug, name: slug },
    rows: { Store: rows.map(([store, name, region]) => ({ id: store, name, region })) },
  })
  return useAppServer(
    folder,
    {
      tenants: [
        tenant(acme, 'acme', [
          [north, 'North', 'north'],
          [south, 'South', 'south'],
        ]),
        tenant(globex, 'globex', [[foreign, 'Foreign', 'north']]),
      ],
    },
    {
      before: async (client) => {
        await client.query(legacy)
        await client.query(bookings)
      },
    },
  )
}
