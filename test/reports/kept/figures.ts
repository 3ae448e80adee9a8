import { join } from 'node:path'
import { type Refreshed, type RefreshOptions, refreshReports } from '#migrations'
import { type AppServer, useAppServer } from '../../support/app-server.ts'

/** Folder of the app. */
export const folder = join(import.meta.dirname, '../../fixtures/apps/figures')

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'
const id = (number: number): string => `00000000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
export const [north, south, foreign] = [id(1), id(2), id(3)] as const

const sale = (key: number, store: string, label: string, amount: string) => ({
  ...{ id: id(key), store, label, amount },
  soldOn: '2026-01-10',
})

/** Serves the app with rows of two tenants; no report was computed yet. */
export function useFigures(): () => AppServer {
  return useAppServer(folder, {
    tenants: [
      {
        ...{ id: acme, slug: 'acme', name: 'Acme' },
        rows: {
          Store: [
            { id: north, name: 'North', region: 'north' },
            { id: south, name: 'South', region: 'south' },
          ],
          Sale: [sale(60, north, 'a', '100.10'), sale(61, north, 'b', '50.05'), sale(62, south, 'c', '7.00')],
        },
      },
      {
        ...{ id: globex, slug: 'globex', name: 'Globex' },
        rows: { Store: [{ id: foreign, name: 'Foreign', region: 'north' }], Sale: [sale(70, foreign, 'a', '9000.00')] },
      },
    ],
  })
}

/** Computes reports as the migrator does. */
export async function refresh(app: AppServer, more: Partial<RefreshOptions> = {}): Promise<readonly Refreshed[]> {
  const { database, model, catalog } = app
  const client = await database.connect(database.migratorUrl)
  try {
    return await refreshReports(client, { model, catalog, names: database.names, ...more })
  } finally {
    await client.end()
  }
}
