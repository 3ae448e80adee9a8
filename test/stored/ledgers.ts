import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { buildCatalog, findDrift } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { acme, globex } from '../server/shop.ts'
import { type TestDatabase, useDatabase } from '../support/database.ts'

/** The app with the stored formulas of these tests. */
export const ledgersFolder = join(import.meta.dirname, '../fixtures/apps/ledgers')
/** The app whose rules look at other rows. */
export const vouchersFolder = join(import.meta.dirname, '../fixtures/apps/vouchers')

/** Somebody. */
export const bo = '00000000-0000-7000-8000-0000000000b0'

/** A database of the ledgers app with two tenants and a person. */
export interface Ledgers {
  readonly model: Model
  readonly database: TestDatabase
  /** Runs SQL as a boss of acme; the rows that come back. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>
  /** Runs SQL as the owner, with rows of acme. */
  readonly load: (text: string) => Promise<void>
  /** What the formulas do not give. */
  readonly drift: (repair?: boolean) => Promise<readonly string[]>
}

/** A row as it comes back. */
export type Row = Readonly<Record<string, unknown>>

/** For one test file. */
export function useLedgers(folder = ledgersFolder): () => Ledgers {
  const database = useDatabase()
  let model: Model | undefined
  beforeAll(async () => {
    model = { ...(await loadModel(folder)).model, app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['boss'], []])
    await database().asOwner((client) =>
      client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
         insert into app."user" (id, name) values ('${bo}', 'Bo')`,
      ),
    )
  })
  return () => ({
    model: model!,
    database: database(),
    run: (text, values = []) =>
      database().asActor({ roles: ['boss'], tenant: acme, actor: bo }, async (client) => {
        const { rows } = await client.query<Row>(text, [...values])
        return rows
      }),
    load: async (text) => {
      await database().asOwner((client) => client.query(`set local rowhouse.tenant_id = '${acme}'; ${text}`))
    },
    drift: async (repair = false) => {
      const found = await findDrift(database().migrator, { model: model!, names: database().names, repair, batch: 50 })
      return found.map(({ entity, field, rows }) => `${entity}.${field}: ${rows}`)
    },
  })
}
