import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { loadDevKeys } from '#server'
import { type ShopServer, startShopServer } from '../server/client.ts'
import { acme, globex } from '../server/shop.ts'
import { useDatabase } from '../support/database.ts'
import { cleo } from './sheets.ts'

/** The app with a computed field for each way out of a range. */
export const gaugesFolder = join(import.meta.dirname, '../fixtures/apps/extremes')

/** A server of that app with two tenants and a person, for one test file. */
export function useGaugesServer(): () => ShopServer {
  const database = useDatabase()
  let running: ShopServer | undefined
  let folder = ''
  beforeAll(async () => {
    const model = { ...(await loadModel(gaugesFolder)).model, app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['boss'], ['auditor'], ['warden'], ['guard'], []])
    await database().asOwner((client) =>
      client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
         insert into app.person (id, name) values ('${cleo}', 'Cleo')`,
      ),
    )
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-gauges-'))
    running = await startShopServer({ model, database: database() }, await loadDevKeys(folder))
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}

/** Values that an ordinary caller may store, each far out at an end of its type. */
export const extremes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'whole numbers': { size: 2147483647, step: 2147483647 },
  'whole numbers below': { size: -2147483648, step: -2147483648 },
  'one above, one below': { size: -2147483648, step: 2147483647 },
  'numbers of 64 bits': { serial: '9223372036854775807' },
  'numbers of 64 bits below': { serial: '-9223372036854775808' },
  durations: { wait: 2147483647 },
  cents: { cents: '92233720368547758.07' },
  'cents below': { cents: '-92233720368547758.08' },
  amounts: { price: '99999999999999999.99', rate: '99999999999999999999.9999999999' },
  'large floats': { ratio: 1.7976931348623157e308, factor: 1.7976931348623157e308 },
  'floats of two signs': { ratio: -1.7976931348623157e308, factor: 1e308 },
  'small floats': { ratio: 5e-324, factor: 1e-300 },
  'a large by a small float': { ratio: 1e308, factor: 5e-324 },
  'a small by a large float': { ratio: 5e-324, factor: 1e308 },
  'no float at all': { ratio: 0, factor: 0 },
  'the last day': { seenOn: '9999-12-31', seenAt: '9999-12-31T23:59:59.999999Z' },
  'the first day': { seenOn: '0001-01-01', seenAt: '0001-01-01T00:00:00Z', step: -1 },
  'the last day, far on': { seenOn: '9999-12-31', seenAt: '9999-12-31T23:59:59Z', step: 2147483647, size: 2147483647 },
  'the first day, far back': {
    seenOn: '0001-01-01',
    seenAt: '0001-01-01T00:00:00Z',
    step: -2147483648,
    size: 2147483647,
  },
  'a thousand years on': { step: 366000, size: -1 },
}

/** The same for rows of a list. */
export const extremeMarks: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'marks that are large': [
    { size: 2147483647, ratio: 1e308 },
    { size: 2147483647, ratio: 1e308 },
  ],
  'marks that are small': [
    { size: -2147483648, ratio: 1e-200 },
    { size: -2147483648, ratio: 5e-324 },
  ],
  'a mark in doubt, between others': [
    { size: 2, notes: 'a' },
    { size: 2147483647, notes: 'b' },
    { size: 3, notes: 'c' },
  ],
  'a mark in doubt, among small ones': [
    { size: 2, notes: 'a' },
    { size: 2147483647, notes: 'b' },
  ],
  'a mark in doubt, last': [
    { size: 3, notes: 'a' },
    { size: 2147483647, notes: 'b' },
  ],
  'marks without doubt': [
    { size: 2, notes: 'a' },
    { size: 3, notes: 'b' },
    { size: 3, notes: 'c' },
  ],
}
