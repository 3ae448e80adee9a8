import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { buildCatalog, type Catalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { type TestActor, type TestDatabase, useDatabase } from '../../support/database.ts'

/** Folder of the app whose orders have lines, places and numbers. */
export const warehouseFolder = join(import.meta.dirname, '../../fixtures/apps/warehouse')

/** Two tenants and a person of each. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'

/** The warehouse in a database of its own, without rows. */
export interface Warehouse {
  readonly model: Model
  readonly catalog: Catalog
  readonly database: TestDatabase
  /** One statement as a clerk, of Acme unless said otherwise; the rows. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  run(text: string, values?: readonly unknown[], actor?: Partial<TestActor>): Promise<any[]>
  /** The first column of the first row. */
  // biome-ignore lint/suspicious/noExplicitAny: values of any type
  one(text: string, values?: readonly unknown[], actor?: Partial<TestActor>): Promise<any>
  /** Makes a row as the API does; its id. */
  make(table: string, row: object, actor?: Partial<TestActor>): Promise<string>
  /** Rows whatever their state, seen by the owner. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  see(text: string, values?: readonly unknown[]): Promise<any[]>
}

/** Who asks unless said otherwise. */
export const clerk: TestActor = { roles: ['clerk'], tenant: acme, actor: ann }

/** Makes the warehouse before the tests of a file, and drops it afterwards. */
export function useWarehouse(): () => Warehouse {
  const db = useDatabase()
  let warehouse: Warehouse | undefined
  beforeAll(async () => {
    const { model: loaded } = await loadModel(warehouseFolder)
    const model = { ...loaded, app: db().name }
    const catalog = buildCatalog(model)
    await db().applyCatalog(catalog)
    await db().ensureRoleSets([['clerk'], ['packer'], ['guest']])
    await db().asOwner(async (client) => {
      await client.query(
        `insert into rowhouse.tenant (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')`,
        [acme, globex],
      )
      await client.query(`insert into app."user" (id, name) values ($1, 'Ann')`, [ann])
    })
    const run: Warehouse['run'] = async (text, values = [], actor = {}) =>
      (await db().asActor({ ...clerk, ...actor }, (client) => client.query(text, [...values]))).rows
    const one: Warehouse['one'] = async (...args) => Object.values((await run(...args))[0] ?? {})[0]
    warehouse = {
      model,
      catalog,
      database: db(),
      run,
      one,
      make: (table, row, actor) =>
        one(
          'select rowhouse.create_row($1::text::regclass, $2::jsonb)',
          [`app."${table}"`, JSON.stringify(row)],
          actor,
        ),
      see: async (text, values = []) => (await db().asOwner((client) => client.query(text, [...values]))).rows,
    }
  })
  return () => warehouse!
}
