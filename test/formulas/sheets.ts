import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { type DevKeys, loadDevKeys } from '#server'
import { type ShopServer, startShopServer } from '../server/client.ts'
import { acme, globex } from '../server/shop.ts'
import { type TestDatabase, useDatabase } from '../support/database.ts'

/** The app with the formulas of these tests. */
export const sheetsFolder = join(import.meta.dirname, '../fixtures/apps/sheets')

/** Somebody of acme. */
export const cleo = '00000000-0000-7000-8000-0000000000c1'

/** A database of the sheets app with two tenants and a person, for one test file. */
export function useSheets(): () => { readonly model: Model; readonly database: TestDatabase } {
  const database = useDatabase()
  let model: Model | undefined
  beforeAll(async () => {
    model = { ...(await loadModel(sheetsFolder)).model, app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['boss'], []])
    await database().asOwner((client) =>
      client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
         insert into app."user" (id, name) values ('${cleo}', 'Cleo')`,
      ),
    )
  })
  return () => ({ model: model!, database: database() })
}

/** The same with a server in front of it. */
export function useSheetsServer(): () => ShopServer {
  const sheets = useSheets()
  let running: ShopServer | undefined
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    const keys: DevKeys = await loadDevKeys(folder)
    running = await startShopServer(sheets(), keys)
  })
  afterAll(async () => {
    await running?.server.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}

/** Id of the n-th row of a kind: `c` customer, `s` sheet, `i` item; tenant `a` or `b`. */
export function sheetId(kind: 'c' | 's' | 'i', tenant: 'a' | 'b', n: number): string {
  const group = { c: '9100', s: '9101', i: '9102' }[kind]
  return `00000000-0000-7000-${group}-0000000${tenant}0${String(n).padStart(3, '0')}`
}

/** Runs SQL as the owner, inside of a tenant. */
export async function seedSql(database: TestDatabase, text: string): Promise<void> {
  await database.asOwner((client) => client.query(text))
}
